"""What the readers of this layer raise: facts for a caller, words for nobody (see `apps.formats.words`)."""

from __future__ import annotations

from enum import StrEnum


class UnreadableInputError(Exception):
    """The bytes cannot be read as what they should be; `code` says why, `detail` is a technical fact for logs."""

    def __init__(self, code: StrEnum, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
