"""From laboratory observations to results; what cannot be read surely is left to the narrative (DMP-89)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from apps.formats.cda.nodes import attribute, child, children, is_null, label_of, tag, value_type
from apps.formats.cda.read_values import read_code, read_time
from apps.formats.cda.results import LabResult, Reading, ReferenceRange, combined, compared

RESULT_TEMPLATES = frozenset(
    {
        "1.3.6.1.4.1.19376.1.3.1.6",  # IHE PALM, Laboratory Observation
        "1.2.250.1.213.1.1.3.80",  # CI-SIS, FR-Resultat-examens-de-biologie-element-clinique-pertinent
        "2.16.840.1.113883.10.20.22.4.2",  # C-CDA, Result Observation
    }
)
LOINC = "2.16.840.1.113883.6.1"
Texts = Callable[[str | None], str | None]
_NUMBERS = frozenset({"PQ", "REAL", "INT"})
_CODES = frozenset({"CD", "CE", "CO", "CV"})
_WORDS = frozenset({"ST", "ED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionResults:
    results: tuple[LabResult, ...]
    has_unread: bool


def read_results(section: etree._Element, texts: Texts) -> SectionResults:
    """Results of the entries of one section (not of its sub-sections).

    Parameters: `texts` gives the narrative text behind an `originalText/reference`.
    """
    results = []
    unread = 0
    for observation in _observations(section):
        result = _result(observation, texts)
        if result is None:
            unread += 1
        else:
            results.append(result)
    return SectionResults(results=tuple(results), has_unread=unread > 0)


def _observations(section: etree._Element) -> Iterator[etree._Element]:
    for entry in children(section, "entry"):
        for observation in entry.iter(tag("observation")):
            roots = {attribute(template, "root") for template in children(observation, "templateId")}
            if roots & RESULT_TEMPLATES and observation.get("moodCode", "EVN") == "EVN":
                yield observation


def _result(observation: etree._Element, texts: Texts) -> LabResult | None:
    name = _name(child(observation, "code"), texts)
    values = children(observation, "value")
    if name is None or len(values) != 1 or observation.get("negationInd") == "true":
        return None
    value = values[0]
    interpretations = [code for item in children(observation, "interpretationCode") if (code := read_code(item))]
    interpretation = interpretations[0] if len(interpretations) == 1 else None
    written = _written(value, texts)
    if written is None and not is_null(value):
        return None
    reference = _reference(observation)
    computed = _computed(value, written, reference)
    reading = combined(computed, interpretation.code if interpretation else None)
    if reading is None or (_has_bounds(reference) and computed is None and value_type(value) in _NUMBERS and written):
        return None
    return LabResult(
        name=name,
        value=written,
        unit=_unit(value),
        reference=None if reference is None else reference.range,
        interpretation=interpretation.code if interpretation else None,
        stated=interpretation.display if interpretation else None,
        reading=reading if written is not None else Reading.UNKNOWN,
        loinc=_loinc(child(observation, "code")),
        at=read_time(child(observation, "effectiveTime")),
        is_number=written is not None and value_type(value) in _NUMBERS,
    )


def _name(code: etree._Element | None, texts: Texts) -> str | None:
    if code is None:
        return None
    reference = attribute(child(code, "originalText", "reference"), "value")
    narrated = texts(reference)
    translated = (attribute(item, "displayName") for item in children(code, "translation"))
    own = attribute(code, "displayName") or label_of(child(code, "originalText"))
    return narrated or own or next((name for name in translated if name), None)


def _loinc(code: etree._Element | None) -> str | None:
    """Of the code itself, else of the first translation that is one."""
    coded = (read_code(item) for item in (code, *children(code, "translation")))
    return next((item.code for item in coded if item is not None and item.system == LOINC and item.code), None)


def _written(value: etree._Element, texts: Texts) -> str | None:
    kind = value_type(value)
    if is_null(value):
        return None
    if kind in _NUMBERS:
        written = attribute(value, "value")
        return written if _decimal(written) is not None else None
    if kind in _CODES:
        coded = read_code(value)
        return coded.display if coded else None
    if kind in _WORDS:
        reference = attribute(child(value, "reference"), "value")
        return texts(reference) or label_of(value)
    return None


def _unit(value: etree._Element) -> str | None:
    unit = attribute(value, "unit")
    return None if unit in {None, "1"} or "://" in (unit or "") else unit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    range: ReferenceRange
    units: frozenset[str | None]


def _reference(observation: etree._Element) -> _Reference | None:
    """The range of normal values; None when there is none or when more than one could be meant."""
    found = []
    for element in children(observation, "referenceRange"):
        criteria = child(element, "observationRange")
        code = read_code(child(criteria, "interpretationCode"))
        if criteria is not None and (code is None or code.code == "N"):
            found.append(criteria)
    return _bounds(found[0]) if len(found) == 1 else None


def _bounds(criteria: etree._Element) -> _Reference | None:
    value = child(criteria, "value")
    low, high = child(value, "low"), child(value, "high")
    low_value, high_value = _number_text(low), _number_text(high)
    if low_value is None and high_value is None:
        text = label_of(child(criteria, "text")) or label_of(value)
        return None if text is None else _Reference(range=ReferenceRange(text=text), units=frozenset())
    units = frozenset(attribute(end, "unit") for end in (low, high) if _number_text(end) is not None)
    return _Reference(
        range=ReferenceRange(
            low=low_value,
            high=high_value,
            low_inside=attribute(low, "inclusive") != "false",
            high_inside=attribute(high, "inclusive") != "false",
        ),
        units=units,
    )


def _number_text(element: etree._Element | None) -> str | None:
    value = attribute(element, "value")
    return value if _decimal(value) is not None else None


def _has_bounds(reference: _Reference | None) -> bool:
    return reference is not None and bool(reference.range.low or reference.range.high)


def _computed(value: etree._Element, written: str | None, reference: _Reference | None) -> Reading | None:
    number = _decimal(written) if value_type(value) in _NUMBERS else None
    if number is None or reference is None or not _has_bounds(reference):
        return None
    if reference.units - {attribute(value, "unit"), None}:
        return None
    return compared(number, reference.range)


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
