"""What a report may show of a value: its shape (SEC-22, RO-02)."""

from __future__ import annotations

LONGEST = 40
NOTHING = "∅"


def masked(value: str) -> str:
    """Letters and digits as dots, everything else as it stands: `31/02/1980` is `••/••/••••`; cut at 40 characters.

    `NOTHING` for an empty value: no shape at all means that the finding is not about a value.
    """
    if not value:
        return NOTHING
    shown = "".join(_dot(letter) for letter in value[: LONGEST + 1])
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _dot(letter: str) -> str:
    if letter.isalnum():
        return "•"
    return letter if letter.isprintable() else "·"
