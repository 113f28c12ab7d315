"""The one door for XML of others: no DTD, no entity, no network, and limits kept while reading (SEC-10, DMP-100)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Never, cast

from lxml import etree

from apps.formats.errors import UnreadableInputError

MAX_BYTES = 20_000_000
MAX_DEPTH = 100
MAX_NODES = 200_000

_ENCODING_ERRORS = frozenset(
    {
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    }
)


class XmlErrorCode(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    DTD = "dtd"
    ENCODING = "encoding"
    NOT_WELL_FORMED = "not-well-formed"
    TOO_DEEP = "too-deep"
    TOO_MANY_NODES = "too-many-nodes"


class UnreadableXmlError(UnreadableInputError):
    """The bytes are no XML that we accept; `code` is an `XmlErrorCode`."""


class _Gate:
    """Counts what the parser meets and stops it at the first limit; keeps nothing, so memory stays flat."""

    def __init__(self) -> None:
        self.depth = 0
        self.nodes = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        self.nodes += 1 + len(attributes)
        if self.depth > MAX_DEPTH:
            raise UnreadableXmlError(XmlErrorCode.TOO_DEEP, f"more than {MAX_DEPTH} levels")
        if self.nodes > MAX_NODES:
            raise UnreadableXmlError(XmlErrorCode.TOO_MANY_NODES, f"more than {MAX_NODES} nodes")

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def data(self, _text: str) -> None:
        """Text is bounded by MAX_BYTES."""

    def doctype(self, name: str, _public: str | None, _system: str | None) -> Never:
        # Called before the internal subset is read: nothing declared there is ever looked at.
        raise UnreadableXmlError(XmlErrorCode.DTD, name)

    def close(self) -> None:
        """Nothing was built."""


def parse_untrusted_xml(data: bytes) -> etree._Element:
    """Read XML of unknown origin; comments and processing instructions are dropped, XInclude is left as it stands.

    Parameters: `data` the bytes as received; the encoding is read from them (BOM, XML declaration, else UTF-8).
    Returns the root element. Raises `UnreadableXmlError`.
    Two passes of the same parser: the first has a target that builds nothing and enforces the limits, so the second
    may lift the 10 MB limit of libxml2 on one text node (`huge_tree`), which a base64 payload needs (DMP-100).
    """
    if not data.strip():
        raise UnreadableXmlError(XmlErrorCode.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableXmlError(XmlErrorCode.TOO_LARGE, f"{len(data)} bytes, limit {MAX_BYTES}")
    _parse(data, _parser(_Gate()))
    root = _parse(data, _parser(None))
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableXmlError(XmlErrorCode.DTD)
    return root


def parse_untrusted_html(source: str) -> etree._Element | None:
    """The tree of a page of HTML of unknown origin, whose words are read and which is never shown; None without one.

    No network, no file, no entity but characters; `source` is as long as its caller allows. Never raises.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return etree.fromstring(source.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parser(target: _Gate | None) -> etree.XMLParser:
    return etree.XMLParser(
        target=cast("etree.ParserTarget | None", target),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def _parse(data: bytes, parser: etree.XMLParser) -> etree._Element:
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):  # libxml2 stops by itself beyond 2,048 levels, before a start event
            raise UnreadableXmlError(XmlErrorCode.TOO_DEEP, str(error)) from error
        code = (
            XmlErrorCode.ENCODING if getattr(error, "code", None) in _ENCODING_ERRORS else XmlErrorCode.NOT_WELL_FORMED
        )
        raise UnreadableXmlError(code, str(error)) from error
