"""The one error of this room."""


class ReadError(Exception):
    """A document that cannot be read; the message is the reason, in one line, without the document's text."""
