"""Test numbers with valid keys: NIR with Corsica and NIA (IDN-02, IDN-11, IDN-12)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

MONTH_UNKNOWN = "20"
CORSICA_SPLIT_YEAR = 1976  # people born in Corsica before have department 20 in their number, 2A or 2B as birth place
ALGERIA, ALGERIA_INDEPENDENT_YEAR = "99352", 1962  # before: French departments 91 to 94 in the number
_LAST_ORDER = 999


def place_in_number(place: str, year: int) -> str:
    """Birth place as the number writes it: `2A004` is `20004` for somebody born in 1970."""
    if place[:2] in ("2A", "2B") and year < CORSICA_SPLIT_YEAR:
        return "20" + place[2:]
    return place


@dataclass(slots=True)
class NumberBook:
    """Gives numbers out, none twice. Its memory grows with places and months, not with people."""

    reserved: Collection[str] = ()
    _orders: dict[str, int] = field(default_factory=dict)
    _temporary: int = 0

    def nir(self, *, sex: str, year: int, month: str, place: str) -> str | None:
        """Next NIR of this sex, month and place (both as the number writes them); None when all 999 are given out."""
        stem = f"{'1' if sex == 'M' else '2'}{year % 100:02d}{month}{place}"
        order = self._orders.get(stem, 0) + 1
        while (number := f"{stem}{order:03d}") in self.reserved:
            order += 1
        if order > _LAST_ORDER:
            return None
        self._orders[stem] = order
        return number

    def nia(self, *, sex: str, year: int, month: str) -> str:
        """Next temporary number: 7 or 8, year, month, then 99 and a serial of six digits."""
        stem = f"{'7' if sex == 'M' else '8'}{year % 100:02d}{month}99"
        while True:
            self._temporary += 1
            number = f"{stem}{self._temporary % 1_000_000:06d}"
            if number not in self.reserved:
                return number
