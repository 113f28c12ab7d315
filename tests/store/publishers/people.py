"""Who acts in the tests of publishers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.access import Actor, Role
from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.store.models import Mail
from apps.store.services.publishers import Details
from tests.harness.clock import NOON

SIREN, SIRET = "732829320", "73282932000074"  # those of stdnum's own documentation
POST_SIREN, POST_SIRET = "356000000", "35600000049837"  # La Poste: the sum of its digits is a multiple of five


def nobody_yet(user: User, *, at: datetime = NOON) -> Actor:
    """Somebody signed in as a publisher, without an organisation."""
    return Actor(role=Role.PUBLISHER, at=at, user_id=user.pk, level="2fa")


def details(**values: Any) -> Details:
    defaults = {
        "siret": SIRET, "finess": "", "group_siren": "", "name": "Souffle & Cie",
        "representative_name": "Ana Kerguelen",
        "representative_title": "Présidente", "contact_email": "contact@souffle.example",
        "security_email": "alerte@souffle.example", "security_phone": "02 61 91 00 01",
    }  # fmt: skip
    return Details(**{**defaults, **values})


def typed(**values: Any) -> dict[str, str]:
    """The same as the form of the page sends it."""
    own = {name: getattr(details(), name) for name in Details.__dataclass_fields__}
    return {**own, "person": "Pia Lormont", **values}


def actions() -> list[str]:
    return list(
        AuditEvent.objects.filter(action__startswith="store.").order_by("at", "id").values_list("action", flat=True)
    )


def mails() -> list[tuple[str, str]]:
    """Templates of the outbox and to whom they go."""
    return sorted(Mail.objects.values_list("template", "user__email"))
