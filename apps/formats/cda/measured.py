"""Figures of one document that can be followed over time: quantities with a LOINC code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from apps.formats.cda.model import CdaDocument, LabResult, Section
from apps.formats.cda.results import ReferenceRange

# Decimal takes exponents of nine digits, which no scale can hold.
_PLAIN = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure. `code` is LOINC, `number` a decimal number with a point, `unit` as in the entry (UCUM) or empty, `at`
    ISO 8601 in the precision of the document or empty, `reference` what its laboratory gives for normal.
    """

    code: str
    name: str
    number: str
    unit: str
    at: str
    reference: ReferenceRange | None = None


def measured(cda: CdaDocument) -> tuple[Measured, ...]:
    """All of them in the order of the document. Left out: words, unknown values, numbers in another notation than
    decimal or of more digits than an analysis gives, analyses without LOINC code.
    """
    numbers = (one for one in _results(cda.sections) if one.is_number and _PLAIN.fullmatch(one.value or ""))
    return tuple(_figure(result, result.loinc) for result in numbers if result.loinc)


def dumped(figures: Iterable[Measured]) -> str:
    """As JSON text."""
    return json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, separators=(",", ":"))


def loaded(text: str) -> tuple[Measured, ...]:
    """What `dumped` wrote."""
    return tuple(
        Measured(**{**values, "reference": reference and ReferenceRange(**reference)})
        for values in json.loads(text)
        for reference in [values["reference"]]
    )


def _results(sections: Iterable[Section]) -> Iterator[LabResult]:
    for section in sections:
        yield from section.results
        yield from _results(section.sections)


def _figure(result: LabResult, code: str) -> Measured:
    return Measured(
        code=code,
        name=result.name,
        number=result.value or "",
        unit=result.unit or "",
        at=result.at.iso() if result.at else "",
        reference=result.reference,
    )
