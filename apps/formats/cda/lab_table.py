"""Results of one section as a table with the reading in words (never by colour or sign alone)."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.formats import words
from apps.formats.cda.results import LabResult, Reading, ReferenceRange
from apps.formats.cda.safe import element, joined, text

_LONG_ZEROS = re.compile(r"(\.\d*?)0+$")
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_POWER = re.compile(r"10\*(-?\d+)")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_DECIMALS = 3
_ARROWS = {
    Reading.BELOW: "↓",
    Reading.CRITICAL_LOW: "↓",
    Reading.ABOVE: "↑",
    Reading.CRITICAL_HIGH: "↑",
    Reading.ABNORMAL: "!",
}


def has_readings(results: tuple[LabResult, ...]) -> bool:
    """Whether a table would say more than the narrative does: at least one result has a reading."""
    return any(result.reading is not Reading.UNKNOWN for result in results)


def results_table(results: tuple[LabResult, ...], *, section: str, is_partial: bool) -> SafeString:
    """The table, with a sentence before it on how many results are out of range and where the table stops."""
    heads = [_("Analysis"), _("Result"), _("Reference"), _("Reading")]
    head = element("tr", joined(_head(label, index) for index, label in enumerate(heads)), {"role": "row"})
    rows = joined(_row(result, heads) for result in results)
    detail = element("span", text(f" – {section}"), {"class": "ens-soft"}) if section else SafeString("")
    table = element(
        "table",
        joined(
            [
                element("caption", joined([text(_("Results in words")), detail])),
                element("thead", head, {"role": "rowgroup"}),
                element("tbody", rows, {"role": "rowgroup"}),
            ]
        ),
        {"class": "ens-table ens-table--cards ens-table--lab", "role": "table"},
    )
    note = element("p", text(" ".join(_sentences(results, is_partial=is_partial))), {"class": "ens-small ens-soft"})
    return joined([note, table])


def _sentences(results: tuple[LabResult, ...], *, is_partial: bool) -> list[str]:
    out = sum(result.reading in _ARROWS for result in results)
    sentences = [
        ngettext(
            "%(out)s of %(all)s results is outside the reference values of this laboratory.",
            "%(out)s of %(all)s results are outside the reference values of this laboratory.",
            out,
        )
        % {"out": out, "all": len(results)}
        if out
        else _("No result of this table is outside the reference values of this laboratory.")
    ]
    sentences.append(_("This table is made from the coded values of the document; its text prevails."))
    if is_partial:
        sentences.append(_("Some results can only be read in the text."))
    return sentences


def _head(label: str, index: int) -> SafeString:
    return element(
        "th", text(label), {"role": "columnheader", "scope": "col", "class": "ens-num" if index == 1 else None}
    )


def _row(result: LabResult, heads: list[str]) -> SafeString:
    cells = [_value(result), text(range_words(result.reference)), _reading(result)]
    written = [element("th", text(result.name), {"role": "rowheader", "scope": "row"})]
    for label, cell in zip(heads[1:], cells, strict=True):
        attributes = {
            "role": "cell",
            "class": "ens-num" if cell is cells[0] else None,
            "data-ens-label": _("%(label)s:") % {"label": label},
        }
        written.append(element("td", cell, attributes))
    return element("tr", joined(written), {"role": "row"})


def _value(result: LabResult) -> SafeString:
    if result.value is None:
        return text(words.not_given())
    number = element("strong", text(words.decimal(result.value)))
    unit = unit_words(result.unit)
    return joined([number, text(f" {unit}")]) if unit else number


def range_words(reference: ReferenceRange | None) -> str:
    """« 9,30 à 17,00 », « au plus 5 »; words as they are."""
    if reference is None:
        return words.not_given()
    low, high = (_bound(value) if value else None for value in (reference.low, reference.high))
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        pattern = _("at least %(low)s") if reference.low_inside else _("more than %(low)s")
        return pattern % {"low": low}
    if high:
        pattern = _("at most %(high)s") if reference.high_inside else _("less than %(high)s")
        return pattern % {"high": high}
    return reference.text or words.not_given()


def _bound(value: str) -> str:
    """As written; zeros that only pad a number to six decimals go."""
    if len(value.partition(".")[2]) > _MOST_DECIMALS:
        value = _LONG_ZEROS.sub(r"\1", value).removesuffix(".")
    return words.decimal(value)


def _reading(result: LabResult) -> SafeString:
    label = text(reading_words(result.reading))
    arrow = _ARROWS.get(result.reading)
    if arrow is None:
        return element("span", label, {"class": "ens-soft"})
    sign = element("span", text(arrow), {"aria-hidden": "true"})
    return element("span", joined([sign, text(" "), label]), {"class": "ens-flag"})


def reading_words(reading: Reading) -> str:
    """Where the value stands, in words."""
    sentences = {
        Reading.BELOW: _("below the reference value"),
        Reading.ABOVE: _("above the reference value"),
        Reading.WITHIN: _("within the reference values"),
        Reading.CRITICAL_LOW: _("far below the reference value, alert of the laboratory"),
        Reading.CRITICAL_HIGH: _("far above the reference value, alert of the laboratory"),
        Reading.ABNORMAL: _("reported abnormal by the laboratory"),
        Reading.UNKNOWN: words.not_given(),
    }
    return sentences[reading]


def unit_words(unit: str | None) -> str:
    """A UCUM unit as people write it: `m[IU]/L` is `mUI/L` in French, `10*9/L` is `10⁹/L`, annotations go."""
    if unit is None:
        return ""
    plain = _ANNOTATION.sub("", unit).replace("[IU]", pgettext("international unit", "IU")).replace("Cel", "°C")
    plain = _POWER.sub(lambda match: "10" + match[1].translate(_SUPERSCRIPTS), plain)
    return plain.replace("uL", "µL").replace("ug", "µg").replace("umol", "µmol")
