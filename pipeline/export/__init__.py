"""One module a format; each takes extractions and gives text."""
