"""From mentions in reading order to events on a day axis; pure functions, no spaCy."""
