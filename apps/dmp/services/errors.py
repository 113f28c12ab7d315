"""What the services of documents raise."""

from __future__ import annotations

from dataclasses import dataclass


class DocumentNotFoundError(Exception):
    """No such document for this actor: unknown and forbidden are the same (SEC-01)."""


class DocumentWithdrawnError(Exception):
    """The document was deleted by its author between list and click (DMP-65)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a deposit was refused.

    `code`: of the CI-SIS (`902`..`905`, `900`, `901`) or of the reader (`dtd`, `too-large`…).
    """

    code: str
    detail: str = ""


class DepositRefusedError(Exception):
    """Nothing was stored; `refusal` says why, in a code that pages and commands put into words (`apps.dmp.words`)."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
