"""A space filled with marked values, and everywhere they must not turn up (SEC-22)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import redis
from django.conf import settings
from django.core import mail
from prometheus_client import REGISTRY, generate_latest

from apps.access import Actor, Purpose, Rights, Role
from apps.accounts.models import FormerInsNumber, InsIdentity
from apps.dmp import services
from apps.dmp.models import Document
from apps.files.keys import key_of
from tests import factories
from tests.dmp.factories import Person, filed, signed_in
from tests.harness.clock import NOON

REASON = "zzmotifurgence"
# What is typed into forms, and sent where nobody asked for it.
TYPED = {"words": "zzcherche", "author": "ZZAUTEURCHERCHE", "free": "zztextelibre", "mail": "zztape@example.fr"}


@dataclass(kw_only=True)
class Ground:
    """A holder, who also represents a child and is helped, two documents; `marks` are all the values by name."""

    holder: Person
    helper: Person
    document: Document
    child_document: Document
    marks: dict[str, str] = field(default_factory=dict)

    def found_in(self, text: str) -> list[str]:
        """Names of the marks that stand in a text, in capitals or not, quoted or not."""
        low = text.lower()
        return [
            name
            for name, mark in self.marks.items()
            if mark.lower() in low or quote(mark).lower() in low or mark.encode().hex() in low
        ]

    @property
    def message(self) -> str:
        """What the worst library says in its exceptions."""
        return f"failed for {json.dumps(self.marks, ensure_ascii=False)}"


def person(mark: str, **values: Any) -> InsIdentity:
    """Somebody whose every name holds `mark`."""
    return factories.identity(
        birth_family_name=f"ZZNOM{mark}",
        family_name_in_use=f"ZZUSAGE{mark}",
        first_given_name=f"ZZPRENOM{mark}",
        birth_given_names=f"ZZPRENOM{mark} ZZSECOND{mark}",
        given_name_in_use=f"ZZDIT{mark}",
        **values,
    )


def marked_document(identity: InsIdentity, mark: str, unique_id: str) -> Document:
    space = factories.space(person=identity)
    row = filed(space, unique_id=unique_id, title=f"zztitre{mark}", text=f"zzcontenu{mark}")
    row.author_name, row.organisation_name = f"ZZAUTEUR{mark}", f"ZZLIEU{mark}"
    row.author_specialty, row.type_label = f"zzspecialite{mark}", f"zzgenre{mark}"
    row.save()
    return row


def make_ground() -> Ground:
    """Rows of a family with marks in every text column, and a professional who read in an emergency."""
    alice, lea, diane = person("ALICE"), person("LEA", birth_date="2017-03-20"), person("DIANE")
    FormerInsNumber.objects.create(identity=alice, ins_number="2990844109987", authority=alice.authority, ended_at=NOON)
    document = marked_document(alice, "un", "1.2.250.1.999.4242424201")
    child_document = marked_document(lea, "deux", "1.2.250.1.999.4242424202")
    factories.representation(of=child_document.space, person=alice)
    factories.delegation(of=document.space, person=diane)
    holder, helper = signed_in(alice), signed_in(diane)
    for who, address in ((holder, "zzalice@example.fr"), (helper, "zzdiane@example.fr")):
        who.user.email = address
        who.user.save()
        who.client.raise_request_exception = False
    doctor = factories.professional(family_name="ZZSOIGNANT", given_name="ZZPRENOMSOIGNANT")
    _read_in_emergency(document, doctor.national_id)
    ground = Ground(holder=holder, helper=helper, document=document, child_document=child_document)
    ground.marks = {
        **_people(alice, lea, diane),
        **_documents(document, child_document),
        **_secrets(ground),
        **{f"typed.{name}": value for name, value in TYPED.items()},
        "former number": "2990844109987",
        "doctor.name": "ZZSOIGNANT",
        "doctor.given": "ZZPRENOMSOIGNANT",
        "doctor.number": doctor.national_id,
        "reason": REASON,
        "mail.alice": "zzalice@example.fr",
        "mail.diane": "zzdiane@example.fr",
    }
    return ground


def _read_in_emergency(document: Document, national_id: str) -> None:
    actor = Actor(
        role=Role.PROFESSIONAL,
        at=NOON,
        space_id=document.space_id,
        purpose=Purpose.BREAK_GLASS,
        national_id=national_id,
        reason=REASON,
        rights=Rights(space_open=True, break_glass_allowed=True, readable_types=frozenset({document.type_code})),
    )
    services.open_document(actor=actor, document_id=document.id, at=NOON + timedelta(seconds=1))


def _people(*people: InsIdentity) -> dict[str, str]:
    columns = ("ins_number", "birth_family_name", "family_name_in_use", "first_given_name", "given_name_in_use")
    return {f"{one.first_given_name}.{column}": str(getattr(one, column)) for one in people for column in columns}


def _documents(*rows: Document) -> dict[str, str]:
    columns = (
        "title", "author_name", "author_specialty", "organisation_name", "type_label", "unique_id", "sha1", "author_id",
    )  # fmt: skip
    texts = {f"{row.title}.{column}": str(getattr(row, column)) for row in rows for column in columns}
    places = {f"{row.title}.object": row.file.object_name for row in rows}
    return {**texts, **places, "text.un": "zzcontenuun", "text.deux": "zzcontenudeux"}


def _secrets(ground: Ground) -> dict[str, str]:
    key = key_of(ground.document.file.vault).value
    cookie = ground.holder.client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "SECRET_KEY": settings.SECRET_KEY,
        "FILES_MASTER_KEY": settings.FILES_MASTER_KEY,
        "AUDIT_KEY": settings.AUDIT_KEY,
        "client secret": settings.FRANCECONNECT["client_secret"],
        "vault key, hexadecimal": key.hex(),
        "vault key, bytes": repr(key)[2:-1],
        "vault key, base64": base64.b64encode(key).decode(),
        "session": cookie,
    }


def elsewhere() -> Mapping[str, str]:
    """What waits in broker and cache, what was mailed, what is measured."""
    return {
        "broker": "\n".join(_held(settings.BROKER_URL)),
        "cache": "\n".join(_held(settings.CACHES["default"]["LOCATION"])),
        "mail": "\n".join(_without_recipient(message) for message in getattr(mail, "outbox", [])),
        "metrics": generate_latest(REGISTRY).decode(),
    }


def _without_recipient(message: mail.EmailMessage) -> str:
    """A mail as it leaves, but for the address that it goes to: that one has to stand there."""
    written = message.message()
    del written["To"]
    return str(written.as_string())


def _held(address: str) -> Iterator[str]:
    """Every key of a Redis-protocol server with its value, readable: dumps may be compressed."""
    client = redis.Redis.from_url(address)
    read = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    try:
        for key in client.scan_iter():
            value = read[client.type(key)](key)
            yield f"{key!r} {value!r}"
            yield from (_body(one) for one in (value if isinstance(value, list) else []))
    finally:
        client.close()


def _body(message: bytes) -> str:
    """Arguments of a queued task, which travel in base64; lists of the cache hold no tasks."""
    return base64.b64decode(json.loads(message)["body"]).decode() if message.startswith(b"{") else ""
