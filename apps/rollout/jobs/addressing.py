"""The lines of an address as the post reads them (NF Z 10-011)."""

from __future__ import annotations

from apps.accounts.models import InsIdentity
from apps.rollout.models import EligiblePerson

LONGEST = 38  # characters of a line


def lines_of(*, reader: InsIdentity, line: EligiblePerson) -> list[str]:
    """Name and address of a reader; `line` is the one of the register with their address.

    A long line is broken between words, never cut.
    """
    name = (
        f"{reader.given_name_in_use or reader.first_given_name} {reader.family_name_in_use or reader.birth_family_name}"
    )
    wanted = (name.upper(), line.street_more, line.street, f"{line.post_code} {line.city}")
    return [part for text in wanted if text for part in _broken(text)]


def _broken(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LONGEST:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
