"""What the door says: code, enhanced status of RFC 3463, and words in ASCII (section 7 of the rules of the mailbox).

Nobody learns from an answer that a person opposed: unknown, never opened and opposed are one constant (MSS-70).
"""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """One line without its end; the name is the case that is traced (MSS-73)."""

    RECIPIENT_OK = "250 2.1.5 OK"
    SENDER_OK = "250 2.1.0 OK"
    TAKEN = "250 2.0.0 Message recu"
    MALFORMED = "553 5.1.3 Adresse invalide"
    OTHER_DOMAIN = "550 5.1.3 Adresse invalide"
    NO_BOX = "550 5.1.1 Aucune messagerie Mon espace sante pour cette adresse"
    CLOSED = "550 5.2.1 Messagerie fermee"
    BOX_FULL = "452 4.2.2 Messagerie pleine"
    SUSPENDED = "450 4.2.1 Messagerie momentanement indisponible"
    BAD_SENDER = "553 5.1.7 Adresse d'expediteur invalide"
    UNTRUSTED = "550 5.7.1 Expediteur hors de l'espace de confiance"
    NO_LIST = "451 4.7.1 Liste blanche indisponible, reessayez plus tard"
    TOO_OFTEN = "451 4.7.1 Trop de messages, reessayez plus tard"
    TOO_LARGE = "552 5.3.4 Message trop volumineux"
    TOO_MANY_RECIPIENTS = "452 4.5.3 Trop de destinataires"
    AWAY = "451 4.3.0 Service momentanement indisponible"
    FULL = "452 4.3.1 Trop de messages a la fois, reessayez plus tard"
    BUSY = "421 4.3.2 Trop de connexions, reessayez plus tard"
    HARVEST = "421 4.7.0 Trop d'adresses refusees"
    SLOW = "421 4.4.2 Delai depasse"
    NO_VERIFY = "252 2.1.5 Adresse non verifiee"

    @property
    def is_permanent(self) -> bool:
        return self.value.startswith("5")

    @property
    def is_positive(self) -> bool:
        return self.value.startswith("2")


def line_of(answer: Answer, *, largest: int) -> str:
    """The answer as it is sent; the size says how large a message may be, in megabytes."""
    if answer is Answer.TOO_LARGE:
        return f"{answer.value} ({largest // 1_000_000} Mo)"
    return answer.value
