"""Review: people correct the timeline beside the text; their decisions override what was extracted."""
