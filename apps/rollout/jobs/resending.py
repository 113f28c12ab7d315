"""Answers those who have lost their code: a new one to the addresses already held (O-09, SEC-06)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor, Role
from apps.audit.services import Line, record
from apps.common.failpoints import reach
from apps.common.text import fold
from apps.rollout.jobs.fitting import MAY_HAVE_CODE
from apps.rollout.jobs.telling import reached, tell, way_of
from apps.rollout.models import CodeRequest, EligiblePerson, Notice
from apps.rollout.writing import NewNotice, sleeping_code

AT_MOST = 500  # requests a run
CODES, WITHIN = 2, timedelta(days=30)
ACTOR = "rollout.resend"


def answer_requests(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Look for the people of the requests that wait, oldest first; each request is deleted with its answer.

    Returns how many people are written to.
    """
    waiting = CodeRequest.objects.filter(asked_at__lte=at).order_by("asked_at", "id").values_list("pk", flat=True)
    return sum(_answer(request_id, at) for request_id in waiting[:at_most])


@transaction.atomic
def _answer(request_id: UUID, at: datetime) -> bool:
    rows = CodeRequest.objects.select_for_update(of=("self",), skip_locked=True)
    request = rows.filter(pk=request_id).first()
    if request is None:
        return False
    request.delete()
    person = _one_person(request)
    found = person is not None and _resend(person, at)
    reach("rollout.resending.before_commit")
    return found


def _one_person(request: CodeRequest) -> EligiblePerson | None:
    """The one person of these traits and this post code; None when there is none, or more than one (IDN-17)."""
    rows = EligiblePerson.objects.select_for_update(of=("self",)).filter(
        identity__folded_family=fold(request.family_name),
        identity__folded_first_given=fold(request.given_name),
        identity__birth_date=request.birth_date,
        identity__died_on=None,
        post_code=request.post_code,
    )
    found = list(rows.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _resend(person: EligiblePerson, at: datetime) -> bool:
    """A sleeping code and a notice a reader; the window stays as it is."""
    if person.state not in MAY_HAVE_CODE or _codes_since(person, at - WITHIN) >= CODES:
        return False
    readers = reached(person, at=at)
    if not readers:
        return False
    code = sleeping_code(person=person, at=at)
    new = NewNotice(kind=Notice.Kind.RESENT, key=f"resent:{code.pk}", channel=way_of(person), code=code)
    tell(person=person, readers=readers, new=new, at=at)
    actor = Actor(role=Role.SYSTEM, at=at)
    line = Line(action="rollout.notice.resend", target=f"person:{person.pk}", actor_id=ACTOR)
    record(actor=actor, at=at, line=line)
    return True


def _codes_since(person: EligiblePerson, since: datetime) -> int:
    resent = Notice.objects.filter(person=person, kind=Notice.Kind.RESENT, prepared_at__gt=since)
    return resent.order_by().values("code").distinct().count()
