"""Results of analyses from coded entries: value, unit, range and the reading of one against the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.formats.cda.times import CdaTime


class Reading(StrEnum):
    """Where a value stands. Computed from value and range, or stated by the laboratory; never guessed."""

    BELOW = "below"
    ABOVE = "above"
    WITHIN = "within"
    CRITICAL_LOW = "critical-low"
    CRITICAL_HIGH = "critical-high"
    ABNORMAL = "abnormal"
    UNKNOWN = "unknown"


# HL7 ObservationInterpretation, OID 2.16.840.1.113883.5.83
STATED = {
    "N": Reading.WITHIN,
    "L": Reading.BELOW,
    "LL": Reading.CRITICAL_LOW,
    "H": Reading.ABOVE,
    "HH": Reading.CRITICAL_HIGH,
    "A": Reading.ABNORMAL,
    "AA": Reading.ABNORMAL,
}
_STRONGER = {Reading.CRITICAL_LOW: Reading.BELOW, Reading.CRITICAL_HIGH: Reading.ABOVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRange:
    """Bounds as written; `text` when the range is only words. A bound is inside unless it says otherwise."""

    low: str | None = None
    high: str | None = None
    low_inside: bool = True
    high_inside: bool = True
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabResult:
    """One result. `value` is as written (a number with a point, or words); None when it is unknown (DMP-87).

    `unit` is the UCUM unit of the entry; `interpretation` the code of the laboratory; `stated` its own label. `loinc`
    is the code of the analysis, its own or a translation's; `at` the time of the observation; `is_number` tells a
    quantity from words that look like one.
    """

    name: str
    value: str | None
    unit: str | None
    reference: ReferenceRange | None
    interpretation: str | None
    stated: str | None
    reading: Reading
    loinc: str | None = None
    at: CdaTime | None = None
    is_number: bool = False


def compared(value: Decimal, reference: ReferenceRange) -> Reading | None:
    """The value against its bounds; None when there is no usable bound (none, or the two are equal or crossed)."""
    low = None if reference.low is None else Decimal(reference.low)
    high = None if reference.high is None else Decimal(reference.high)
    if (low is None and high is None) or (low is not None and high is not None and low >= high):
        return None
    if low is not None and (value < low or (value == low and not reference.low_inside)):
        return Reading.BELOW
    if high is not None and (value > high or (value == high and not reference.high_inside)):
        return Reading.ABOVE
    return Reading.WITHIN


def combined(computed: Reading | None, interpretation: str | None) -> Reading | None:
    """One reading from the computed one and the laboratory's code; None when the two contradict each other."""
    stated = STATED.get(interpretation or "")
    if computed is None:
        return stated or Reading.UNKNOWN
    if stated is None or stated is computed:
        return computed
    if stated is Reading.ABNORMAL:
        return None if computed is Reading.WITHIN else computed
    return stated if _STRONGER.get(stated) is computed else None
