"""Parsing XML that may be hostile: no entities, no network, bounded depth and size."""

from __future__ import annotations

from lxml import etree

from pipeline.reader.errors import ReadError

XLINK = "{http://www.w3.org/1999/xlink}href"


def parse(data: bytes) -> etree._Element:
    """The root of a document.

    Raises:
        ReadError: the XML is broken, nested too deeply, or defines entities of its own.
    """
    if b"<!ENTITY" in data:
        raise ReadError("XML defines entities of its own, which are not read")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise ReadError("XML is nested too deeply") from error
        line, column = error.position
        raise ReadError(f"XML is broken at line {line}, column {column}") from error


def name(element: etree._Element) -> str:
    """The tag without its namespace; empty for an entity."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
