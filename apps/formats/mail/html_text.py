"""The words of a page of HTML, as plain text: nothing of the page itself is ever shown (MSS-31, SEC-07, S17b).

The parser knows neither network nor files. Links stand behind their words, so that nobody follows what he cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from apps.formats.xml import parse_untrusted_html

_SILENT = frozenset(
    {
        "script", "style", "head", "title", "template", "noscript", "object", "embed", "applet", "svg", "math",
        "iframe", "frame", "frameset", "audio", "video", "canvas", "select", "textarea", "datalist", "button", "input",
        "map",
    }
)  # fmt: skip
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "dl", "pre"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "center", "dd", "details", "dialog", "dir", "div", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "header", "hgroup", "li", "main", "menu", "nav", "section", "summary",
        "tbody", "tfoot", "thead", "tr",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]{1,500}", re.IGNORECASE)
_SPACES = re.compile(" {2,}")
_BLANKS = re.compile(r"[ \t\n\r\f\v\xa0]+")
# While reading: an edge of a block, a line break that was written, an empty line. Sources lose the first and the last.
_EDGE, _BREAK, _GAP = "\v", "\n", "\f"
_BETWEEN = re.compile(r"[ \v\n\f]*[\v\n\f][ \v\n\f]*")
_EMPTY_BLOCK = 3  # edges around a break that stands in a block of its own
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def html_to_text(source: str) -> str:
    """The readable words; empty where there are none. Never raises."""
    root = parse_untrusted_html(_NOT_XML.sub("", source))
    if root is None:
        return ""
    return _BETWEEN.sub(_line_ends, _SPACES.sub(" ", "".join(_pieces(root)))).strip()


def _line_ends(between: re.Match[str]) -> str:
    run = between[0]
    breaks, edges = run.count(_BREAK), run.count(_EDGE)
    return "\n\n" if _GAP in run or breaks > 1 or (breaks and edges >= _EMPTY_BLOCK) else "\n"


def _pieces(root: etree._Element) -> Iterator[str]:
    """Texts in the order of reading, with line breaks; no recursion, so depth costs nothing."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and _is_silent(element, name):
            walk.skip_subtree()
        elif event == "start":
            yield _opening(element, name) + _words(element.text)
        else:
            yield ("" if _is_silent(element, name) else _closing(element, name)) + _words(element.tail)


def _is_silent(element: etree._Element, name: str) -> bool:
    return (
        not name or name in _SILENT or "hidden" in element.attrib or bool(_INVISIBLE.search(element.get("style", "")))
    )


def _opening(element: etree._Element, name: str) -> str:
    if name == "br":
        return _BREAK
    if name == "hr":
        return f"{_GAP}---{_GAP}"
    if name == "li":
        return f"{_EDGE}- "
    if name == "img":
        return _words(element.get("alt"))
    return _edge(name)


def _closing(element: etree._Element, name: str) -> str:
    if name in _CELLS:
        return " "
    if name == "a":
        target = (element.get("href") or "").strip()
        said = _words("".join(str(each) for each in element.itertext())[:1000]).strip()
        bare = target.removeprefix("mailto:")
        return f" ({target})" if _LINK.fullmatch(target) and bare != said else ""
    return _edge(name)


def _edge(name: str) -> str:
    if name in _APART:
        return _GAP
    return _EDGE if name in _BLOCKS else ""


def _words(text: str | None) -> str:
    return _BLANKS.sub(" ", text) if text else ""
