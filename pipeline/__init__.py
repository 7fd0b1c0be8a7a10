"""From the text of a case report to its timeline."""
