"""Mutated messages all the way: filed, shown, opened, answered (SEC-07, SEC-08, SEC-23, MSS-39)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from apps.accounts.models import User
from apps.mss.jobs import filing, sending
from apps.mss.models import Arrival, Attachment, Correspondent, OutgoingMail, Thread
from apps.mss.policies import may_write
from apps.mss.services import answering
from apps.spaces.models import HealthSpace
from tests import factories
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.mss.arriving import arrive
from tests.mss.relays import Kept
from tests.mss.test_filing_fuzz import mutated, seeds_of
from tests.mss.test_reading import check_all
from tests.mss.writing import box_in, draft_in, writer

# Whatever a browser would fetch by itself or be led to: addresses of our own, data of pictures, and places of the page.
_ADDRESSES = re.compile(r"""(?:src|href|action|srcset|poster|data|background)\s*=\s*["']([^"']*)""", re.IGNORECASE)
_OURS = ("/", "#", "?", "data:image/jpeg;base64,", "data:image/png;base64,")
# Fields that a mail of the portal has, and no other.
FIELDS = frozenset(
    {
        "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type",
        "content-transfer-encoding", "x-mss-nil", "x-mss-ins", "x-mss-codecda", "content-language", "reply-to",
        "disposition-notification-to",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """A space with mails that a seed made, and its holder in a browser."""

    space: HealthSpace
    client: PortalClient


def fuzzed(seed: int, mails: int) -> Fuzzed:
    """File what the seed makes of sound messages; none is stuck."""
    chance, space = random.Random(seed), factories.space()
    for _ in range(mails):
        arrive(mutated(chance.choice(seeds_of(space)), chance), space)
    filing.file_arrivals(at=NOON)
    assert set(Arrival.objects.filter(addresses__space=space).values_list("state", "attempts")) == {("filed", 1)}
    check_all()
    client = client_of(User.objects.get(pk=writer(space).user_id))
    client.braces_allowed = True
    return Fuzzed(space=space, client=client)


def pages_of(box: Fuzzed) -> Iterator[str]:
    """The list, every conversation, every attachment that may be opened."""
    yield reverse("mss:thread_list", args=[box.space.id])
    for thread in Thread.objects.filter(space_id=box.space.id).order_by("id"):
        yield reverse("mss:thread_detail", args=[box.space.id, thread.id])
    for row in Attachment.objects.filter(space_id=box.space.id, held="").order_by("id"):
        yield reverse("mss:attachment", args=[box.space.id, row.id])


def foreign_addresses(html: str) -> list[str]:
    """What leads out of the page, the addresses of the portal's own footer left out."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return [address for address in _ADDRESSES.findall(main) if not address.startswith(_OURS)]


def answers_of(box: Fuzzed) -> list[bytes]:
    """Answer whatever can be answered; the mails as they leave."""
    actor = writer(box.space)
    answerable = Correspondent.objects.filter(space_id=OuterRef("space_id"), messages__thread_id=OuterRef("id"))
    for thread in Thread.objects.filter(Exists(answerable), space_id=box.space.id).order_by("id"):
        if may_write(actor, box_in(thread), thread):
            draft = draft_in(thread, actor=actor, text="Bien reçu.")
            answering.send(actor=actor, draft_id=draft.id, to_all=False, at=NOON)
    relay = Kept()
    sending.send_due(relay=relay, at=NOON + timedelta(minutes=1))
    assert not OutgoingMail.objects.filter(space_id=box.space.id, state="parked").exists()
    return [mail.data for mail in relay.mails]


def fields_of(mail: bytes) -> list[str]:
    head = mail.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    return [line.partition(":")[0].lower() for line in head.split("\r\n") if line and not line[0].isspace()]


def prove(seed: int, mails: int) -> None:
    """All promises for the mails of one seed."""
    box = fuzzed(seed, mails)
    for address in pages_of(box):
        page = box.client.get(address)
        assert page.status_code == 200, address
        assert foreign_addresses(page.content.decode()) == [], address
    for mail in answers_of(box):
        fields = fields_of(mail)
        assert set(fields) <= FIELDS
        assert len(fields) == len(set(fields))
        assert b"\r" not in mail.replace(b"\r\n", b"")
        assert b"\n" not in mail.replace(b"\r\n", b"")
