"""Tables of a narrative: caption, scopes, spans; simple ones become cards on a narrow screen (DMP-101, DMP-107)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lxml import etree

from apps.formats.cda.nodes import short_label_of, tag
from apps.formats.cda.safe import element, joined, text
from apps.formats.cda.styles import span_of, style_tags

if TYPE_CHECKING:
    from apps.formats.cda.narrative import Narrative

_GROUPS = ("thead", "tbody", "tfoot")
_CELLS = frozenset({tag("td"), tag("th")})
_MOST_COLUMNS_OF_CARDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a table is written out: as layout, as cards with these labels, or as a plain table that may scroll."""

    is_layout: bool
    labels: tuple[str | None, ...]

    @property
    def is_cards(self) -> bool:
        return bool(self.labels)


def is_named(item: etree._Element, name: str) -> bool:
    """Whether an element is the HL7 element of that name."""
    return item.tag == tag(name)


def stray_text(parent: etree._Element) -> str:
    """Text that stands directly in a list, table or row, where HTML has no place for it."""
    parts = [str(parent.text or ""), *(str(item.tail or "") for item in parent)]
    return " ".join(" ".join(parts).split())


def render_table(narrative: Narrative, table: etree._Element) -> SafeString:
    """A table with a caption (its own, or one made from the section), or a layout table without semantics."""
    shape = _shape(table)
    groups = [_group(narrative, name, rows, shape) for name, rows in _row_groups(table) if rows]
    after = joined(_misplaced(narrative, table))
    if shape.is_layout:
        attributes = {**narrative.common(table), "role": "presentation"}
        return joined([element("table", joined([*_captions(narrative, table), *groups]), attributes), after])
    narrative.tables += 1
    captions = _captions(narrative, table) or [_made_caption(narrative)]
    classes = ["ens-table", *(["ens-table--cards"] if shape.is_cards else [])]
    attributes = {**narrative.common(table, *classes), "role": "table" if shape.is_cards else None}
    written = element("table", joined([*captions, *groups]), attributes)
    return joined([written if shape.is_cards else _scrolling(narrative, written), after])


def _scrolling(narrative: Narrative, table: SafeString) -> SafeString:
    label = _("Table %(number)s, %(section)s") % {"number": narrative.tables, "section": narrative.section}
    return element("div", table, {"class": "ens-scroll", "role": "region", "aria-label": label, "tabindex": "0"})


def _captions(narrative: Narrative, table: etree._Element) -> list[SafeString]:
    found = [narrative.inner(item) for item in table if is_named(item, "caption")]
    return [element("caption", joined(found))] if found else []


def _made_caption(narrative: Narrative) -> SafeString:
    label = _("Table %(number)s, %(section)s") % {"number": narrative.tables, "section": narrative.section}
    hidden = element("span", text(label), {"class": "fr-sr-only", "lang": narrative.context.ui_language})
    return element("caption", hidden)


def _row_groups(table: etree._Element) -> Iterable[tuple[str, list[etree._Element]]]:
    """Head, bodies, foot in the order of HTML; rows without a group form a body."""
    found = {name: [item for item in table if is_named(item, name)] for name in _GROUPS}
    yield from (("thead", _rows(item)) for item in found["thead"][:1])
    late_heads = found["thead"][1:]
    yield from (("tbody", _rows(item)) for item in (*late_heads, *found["tbody"]))
    yield "tbody", _rows(table)
    yield from (("tfoot" if index == 0 else "tbody", _rows(item)) for index, item in enumerate(found["tfoot"]))


def _rows(parent: etree._Element) -> list[etree._Element]:
    return [item for item in parent if is_named(item, "tr")]


def _cells(row: etree._Element) -> list[etree._Element]:
    return [item for item in row if item.tag in _CELLS]


def _has_place(item: etree._Element) -> bool:
    return any(is_named(item, name) for name in ("caption", "tr", *_GROUPS))


def _misplaced(narrative: Narrative, table: etree._Element) -> Iterator[SafeString]:
    """What stands in a table outside its cells: shown after it, so that no word is lost."""
    for parent in (table, *(item for item in table if any(is_named(item, name) for name in _GROUPS))):
        has_place = _has_place if parent is table else _is_row
        yield from (_loose(narrative, item) for item in parent if not has_place(item))
        stray = stray_text(parent)
        if stray:
            yield element("p", text(stray))


def _is_row(item: etree._Element) -> bool:
    return is_named(item, "tr")


def _loose(narrative: Narrative, item: etree._Element) -> SafeString:
    body = narrative.node(item)
    return element("div", body) if body.strip() else SafeString("")


def _shape(table: etree._Element) -> _Shape:
    rows = list(table.iter(tag("tr")))
    widths = {len(_cells(row)) for row in rows}
    has_heads = any(is_named(cell, "th") for row in rows for cell in _cells(row))
    if not has_heads and max(widths, default=0) <= 1:
        return _Shape(is_layout=True, labels=())
    return _Shape(is_layout=False, labels=_labels(table, rows, widths))


def _labels(table: etree._Element, rows: list[etree._Element], widths: set[int]) -> tuple[str | None, ...]:
    """Column labels when the table can be shown as cards: one row of heads, no spans, no table inside."""
    heads = [row for item in table if is_named(item, "thead") for row in _rows(item)]
    is_even = len(heads) == 1 and len(widths) == 1 and len(rows) > 1
    if not is_even or len(_cells(heads[0])) > _MOST_COLUMNS_OF_CARDS:
        return ()
    spans = (span_of(cell, name) for row in rows for cell in _cells(row) for name in ("colspan", "rowspan"))
    if any(spans) or _has_table_inside(table):
        return ()
    return tuple(short_label_of(cell) for cell in _cells(heads[0]))


def _has_table_inside(table: etree._Element) -> bool:
    return next(table.iterdescendants(tag("table")), None) is not None


def _group(narrative: Narrative, name: str, rows: list[etree._Element], shape: _Shape) -> SafeString:
    written = [_row(narrative, row, shape, in_head=name == "thead") for row in rows]
    return element(name, joined(written), {"role": "rowgroup" if shape.is_cards else None})


def _row(narrative: Narrative, row: etree._Element, shape: _Shape, *, in_head: bool) -> SafeString:
    cells = _cells(row)
    only_heads = in_head or (len(cells) > 1 and all(is_named(cell, "th") for cell in cells))
    written = []
    for index, cell in enumerate(cells):
        # The first cell names the row: on a narrow screen it heads the card and needs no label.
        label = shape.labels[index] if shape.is_cards and index and not in_head else None
        written.append(_cell(narrative, cell, _Place(only_heads=only_heads, is_cards=shape.is_cards, label=label)))
    others = [_loose(narrative, item) for item in row if item.tag not in _CELLS]
    stray = stray_text(row)
    rest = joined([*others, *([text(stray)] if stray else [])])
    if rest:
        written.append(element("td", rest))
    return element("tr", joined(written), {**narrative.common(row), "role": "row" if shape.is_cards else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    only_heads: bool
    is_cards: bool
    label: str | None


def _cell(narrative: Narrative, cell: etree._Element, place: _Place) -> SafeString:
    body = narrative.inner(cell)
    for name in style_tags(cell):
        body = element(name, body) if body.strip() else body
    is_head = is_named(cell, "th") and bool(body.strip())  # an empty head names nothing
    spans = {name: span_of(cell, name) for name in ("colspan", "rowspan")}
    attributes = {**narrative.common(cell), **spans}
    if is_head:
        attributes["scope"] = _scope(place, spans)
    elif place.label:
        attributes["data-ens-label"] = _("%(label)s:") % {"label": place.label}
    if place.is_cards:
        attributes["role"] = _role(place) if is_head else "cell"
    return element("th" if is_head else "td", body, attributes)


def _scope(place: _Place, spans: dict[str, str | None]) -> str:
    if place.only_heads:
        return "colgroup" if spans["colspan"] else "col"
    return "rowgroup" if spans["rowspan"] else "row"


def _role(place: _Place) -> str:
    return "columnheader" if place.only_heads else "rowheader"
