"""Why a sign-in by FranceConnect ends without a session."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Code of a refusal; it goes to the audit line, never to the page beyond the four texts of S-01."""

    CANCELLED = "cancelled"
    UNAVAILABLE = "unavailable"
    LEVEL = "level"
    STATE = "state"
    REPEATED = "repeated"
    EXPIRED = "expired"
    OTHER_ISSUER = "other_issuer"
    REFUSED = "refused"
    BAD_ANSWER = "bad_answer"
    SIGNATURE = "signature"
    ENCRYPTION = "encryption"
    CLAIMS = "claims"
    NONCE = "nonce"
    SUBJECT = "subject"
    STALE = "stale"
    OTHER_PERSON = "other_person"


class SignInRefusedError(Exception):
    """The answer of the provider opens no session; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
