"""What the door has taken, read, stored and indexed by one worker: letters alone, and letters with a PDF."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.mss.door.accepting import Delivery, accept
from apps.mss.jobs.filing import file_arrivals
from apps.mss.models import Message
from apps.spaces.models import HealthSpace
from benchmarks.holders import person_of

SPACES = 50
MESSAGES = 500
GOAL = 60  # messages a second and worker
SENDER = "dr.benali@pro.mssante.example"
_TEXT = "Bonjour, vos analyses sont revenues. Le résultat de la glycémie est dans les normes. " * 12
_PDF = b"%PDF-1.7\n" + b"0123456789" * 2_000


def measure() -> Iterator[str]:
    """Lines of the result."""
    spaces = [_space(number) for number in range(SPACES)]
    for name, pdf in (("letters of 1 kB", b""), ("letters with a PDF of 20 kB", _PDF)):
        _hand_in(spaces, name, pdf, count=SPACES)  # the first one of each box makes its vault
        file_arrivals(at=timezone.now())
        _hand_in(spaces, f"{name}, again", pdf, count=1)
        with CaptureQueriesContext(connection) as queries:
            file_arrivals(at=timezone.now())
        _hand_in(spaces, f"{name}, many", pdf, count=MESSAGES)
        before, start, used = Message.objects.count(), time.perf_counter(), time.process_time()
        file_arrivals(at=timezone.now())
        seconds, used = time.perf_counter() - start, time.process_time() - used
        if Message.objects.count() - before != MESSAGES:
            msg = "messages were taken and are not there"
            raise RuntimeError(msg)
        yield (
            f"filing, {name}: {MESSAGES / seconds:.0f}/s (goal {GOAL}/s), {len(queries)} statements a message, "
            f"{used / MESSAGES * 1e3:.1f} ms of the worker's processor"
        )


def _hand_in(spaces: list[UUID], name: str, pdf: bytes, *, count: int) -> None:
    now = timezone.now()
    accept([_delivery(spaces[each % SPACES], _letter(name, each, pdf), now) for each in range(count)])


def _delivery(space_id: UUID, data: bytes, at: datetime) -> Delivery:
    return Delivery(sender=SENDER, peer="", space_ids=(space_id,), data=data, received_at=at)


def _letter(name: str, number: int, pdf: bytes) -> bytes:
    """A conversation a message; every other one answers none."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Dr Karim Benali <{SENDER}>"
    mail["To"] = "Alice <patient@patient.mssante.example>"
    mail["Message-ID"] = f"<{number}.{abs(hash(name))}@pro.mssante.example>"
    mail["Subject"] = f"Vos analyses {number}"
    mail["Date"] = "Tue, 03 Feb 2026 10:15:00 +0100"
    mail.set_content(_TEXT)
    if pdf:
        mail.add_attachment(pdf, maintype="application", subtype="pdf", filename="analyses.pdf")
    return mail.as_bytes()


def _space(number: int) -> UUID:
    """Every other holder has an account, and is told."""
    person = person_of(f"28406442{number:05d}")
    if number % 2:
        User.objects.create(identity=person, email=f"{number}@example.fr")
    return HealthSpace.objects.create(identity=person, opened_at=timezone.now()).id
