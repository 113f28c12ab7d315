"""People who sign in and documents that they can read, for tests of the pages of documents."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from apps.accounts import sessions
from apps.accounts.models import InsIdentity, User
from apps.dmp import services
from apps.dmp.jobs import preparing
from apps.dmp.models import Document, Rendition
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.spaces.models import HealthSpace
from tests import factories
from tests.dmp.cda import Cda
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

BACKEND = "apps.accounts.backends.SignInBackend"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody signed in: their client and their user."""

    client: Client
    user: User
    identity: InsIdentity

    @property
    def id(self) -> Any:
        return self.user.id


def signed_in(identity: InsIdentity, *, braces_allowed: bool = False) -> Person:
    """A browser with a session at the level of the demonstration."""
    user = User.objects.filter(identity=identity).first() or factories.user(person=identity)
    client = PortalClient()
    client.braces_allowed = braces_allowed
    session = sessions.SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[sessions.LEVEL] = "eidas2"
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return Person(client=client, user=user, identity=identity)


def holder_of(space: HealthSpace, **values: Any) -> Person:
    return signed_in(space.identity, **values)


def representative_of(space: HealthSpace, **values: Any) -> Person:
    identity = factories.identity(first_given_name="BRUNO", birth_given_names="BRUNO")
    factories.representation(of=space, person=identity, **{"ends_at": _far(), **values})
    return signed_in(identity)


def delegate_of(space: HealthSpace, **values: Any) -> Person:
    identity = factories.identity(first_given_name="DIANE", birth_given_names="DIANE")
    factories.delegation(of=space, person=identity, **{"starts_at": space.opened_at, "ends_at": _far(), **values})
    return signed_in(identity)


def filed(space: HealthSpace, *, at: datetime | None = None, scanned: bool = True, **values: Any) -> Document:
    """A document through the door for deposits, with its bytes; clean unless `scanned` is False."""
    data = values.pop("data", None) or Cda(patient=space.identity, **values).data()
    moment = at or NOON - timedelta(days=1)
    row = services.deposit_document(
        actor=factories.system(space, at=moment), deposit=services.Deposit(data=data), at=moment
    )
    if scanned:
        scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=moment)
    return row


def prepared(row: Document, *, at: datetime = NOON) -> Document:
    """The files inside are ready to be shown, as after the queue has run."""
    for rendition in Rendition.objects.filter(document_id=row.id).order_by("number"):
        preparing.prepare(space_id=row.space_id, rendition_id=rendition.id, clock=lambda: at)
    return row


def with_file(space: HealthSpace, media_type: str, data: bytes, **values: Any) -> Document:
    """A level-1 document around these bytes, clean, not prepared yet."""
    written = level_one(space, media_type=media_type, base64=base64.b64encode(data).decode(), **values)
    return filed(space, data=written)


def level_one(space: HealthSpace, *, media_type: str, base64: str, **values: Any) -> bytes:
    """A level-1 CDA around one payload."""
    written = Cda(patient=space.identity, **values).data().decode()
    start, end = written.index("<component>"), written.index("</ClinicalDocument>")
    content = f'<text mediaType="{media_type}" representation="B64">{base64}</text>'
    body = f"<component><nonXMLBody>{content}</nonXMLBody></component>"
    return (written[:start] + body + written[end:]).encode()


def _far() -> datetime:
    return NOON + timedelta(days=3000)
