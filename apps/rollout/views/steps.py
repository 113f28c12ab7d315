"""What every step after the code begins with: the visit, the person at hand, where they stand now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.rollout.models import Capacity, Channel, Notice, NoticeCode
from apps.rollout.services.identifying import code_of_visit
from apps.rollout.services.situations import Situation, situation_of
from apps.rollout.services.voices import reader_of
from apps.rollout.services.wishes import Contact, Wish
from apps.rollout.views import visits
from apps.rollout.views.visits import Case, Visit
from apps.ui import outcome
from apps.ui.outcome import Outcome

FIELD = "dossier"  # hidden field of every form: the person it was shown for, whatever another tab has done since


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """One step of a visit."""

    visit: Visit
    case: Case
    code: NoticeCode
    situation: Situation
    now: datetime

    @property
    def person_id(self) -> object:
        return self.code.person_id

    def wish(self) -> Wish:
        """What this visit says, in the words of the service; a parent is the addressee of the notice (SPA-40)."""
        mail = self.visit.mail
        channel = Notice.Channel.MAIL if mail else Notice.Channel.POST
        capacity = Capacity(self.case.capacity)
        return Wish(
            channel=Channel.ONLINE,
            capacity=capacity,
            by=reader_of(self.code) if capacity != Capacity.SELF else None,
            code=self.code,
            received_at=self.now,
            contact=Contact(channel=channel, mail=mail),
        )


Step = Callable[[HttpRequest, At], HttpResponse]


def in_visit(view: Step) -> Callable[[HttpRequest], HttpResponse]:
    """Steps begin with a code; without a visit, or with a form of an earlier one, the code is asked for again."""

    @wraps(view)
    def step(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        visit = visits.find(request, at=now)
        case = visit.case(request.POST.get(FIELD, "")) if visit is not None else None
        code = code_of_visit(code_id=case.code, at=now) if case is not None else None
        if visit is None or case is None or code is None:
            return start_again(request)
        situation = situation_of(code, at=now)
        return view(request, At(visit=visit, case=case, code=code, situation=situation, now=now))

    return step


def start_again(request: HttpRequest) -> HttpResponse:
    """Nothing was lost but what was typed: what had been recorded is found again by the code."""
    if request.session.get(visits.KEY):
        title = _("This visit is over")
        detail = _("Enter the code again: you will find what was recorded, and the receipt.")
        outcome.tell(request, Outcome(title=title, detail=detail, level=messages.WARNING))
    return redirect("rollout:opposition_identify")
