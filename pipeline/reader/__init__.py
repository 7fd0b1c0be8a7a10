"""A file to a ``Document``; the text never changes after. The format is told by the content, not by the name."""

from pipeline.reader.errors import ReadError
from pipeline.reader.files import FileSet, find_files
from pipeline.reader.read import read_bytes, read_path

__all__ = ["FileSet", "ReadError", "find_files", "read_bytes", "read_path"]
