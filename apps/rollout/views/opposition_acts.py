"""O-05 to O-07, S29: what is recorded, one POST each, and the page after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.rollout.forms.opposition import OPPOSE, WAIT, ClosingForm, capacity_words, choice_words
from apps.rollout.models import Capacity
from apps.rollout.services import closing_late, opposing
from apps.rollout.services.closing_late import WrongNumberError
from apps.rollout.services.situations import MAY_CHOOSE, MAY_WITHDRAW, Kind
from apps.rollout.services.telling import Act
from apps.rollout.services.wishes import WishRefusedError
from apps.rollout.views import visits
from apps.rollout.views.done_cases import done_cases
from apps.rollout.views.opposition_words import person_words
from apps.rollout.views.steps import At, in_visit, start_again
from apps.ui import outcome
from apps.ui.errors import BUSY
from apps.ui.outcome import Outcome

SHOWN = "lu"  # hidden field: a mark of what the page read back


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def opposition_check(request: HttpRequest, step: At) -> HttpResponse:
    """O-05: everything read back, then one act; what changed meanwhile is explained and nothing recorded."""
    if step.situation.kind not in MAY_CHOOSE:
        return redirect("rollout:opposition_done" if step.case.act else "rollout:opposition_choice")
    if not step.case.capacity or not step.case.choice or step.case.choice == WAIT:
        return redirect("rollout:opposition_choice")
    mark = _mark_of(step)
    if request.method == "POST":
        if request.POST.get(SHOWN) != mark:
            return _changed_elsewhere(request)
        return _record(request, step, Act.OPPOSED if step.case.choice == OPPOSE else Act.OPENING_ASKED)
    context = {
        "case": step.case,
        "mark": mark,
        "addressee": person_words(step.code.person),
        "opposes": step.case.choice == OPPOSE,
        "has_dmp": step.code.person.had_dmp and not step.situation.has_space,
        "has_space": step.situation.has_space,
        "capacity": capacity_words(step.case.capacity),
        "choice": choice_words(step.case.choice),
        "mail": step.visit.mail,
    }
    return render(request, "rollout/opposition_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def opposition_withdraw(request: HttpRequest, step: At) -> HttpResponse:
    """O-07: a page of its own, before the space is opened after all (SPA-10)."""
    return _confirmed(request, step, act=Act.WITHDRAWN, kinds=MAY_WITHDRAW, template="rollout/opposition_withdraw.html")


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def opposition_confirm(request: HttpRequest, step: At) -> HttpResponse:
    """The second opposition of somebody who had a DMP: that one closes, too (SPA-21)."""
    kinds = frozenset({Kind.DMP_KEPT})
    return _confirmed(request, step, act=Act.CONFIRMED, kinds=kinds, template="rollout/opposition_confirm.html")


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def opposition_close(request: HttpRequest, step: At) -> HttpResponse:
    """S29: the space was open already, and is closed in the same visit; the number of the addressee proves it."""
    if step.situation.kind is not Kind.OPENED or step.situation.activated:
        return redirect("rollout:opposition_done" if step.case.act else "rollout:opposition_choice")
    if not step.case.capacity:
        return redirect("rollout:opposition_capacity")
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number = form.cleaned_data["number"]
            closing_late.close_opened(person_id=step.case.person, wish=step.wish(), number=number, at=step.now)
        except WrongNumberError:
            form.add_error("number", _("This number does not go with the letter. Check it."))
        except WishRefusedError:
            return _explain(request)
        else:
            return _done(request, step, "closed")
    context = {"form": form, "case": step.case, "addressee": person_words(step.code.person),
               "for_child": step.case.capacity == Capacity.PARENT}  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "rollout/opposition_close.html", context, status=status)


@require_safe
def opposition_done(request: HttpRequest) -> HttpResponse:
    """O-06: everything that this visit has recorded, each with its receipt; the newest first."""
    visit = visits.find(request, at=timezone.now())
    cases = done_cases(visit) if visit is not None else []
    if visit is None or not cases:
        return start_again(request)
    return render(request, "rollout/opposition_done.html", {"last": cases[0], "others": cases[1:], "mail": visit.mail})


@require_POST
def opposition_finish(request: HttpRequest) -> HttpResponse:
    """« Terminer et effacer cette page »: the next person at this computer finds nothing."""
    visits.forget(request)
    told = _("Close the browser if you share this computer.")
    outcome.tell(request, Outcome(title=_("This page has been cleared"), detail=told))
    return redirect("rollout:opposition_start")


def _confirmed(request: HttpRequest, step: At, *, act: Act, kinds: frozenset[Kind], template: str) -> HttpResponse:
    if step.situation.kind not in kinds:
        return redirect("rollout:opposition_done" if step.case.act else "rollout:opposition_choice")
    if not step.case.capacity:
        return redirect("rollout:opposition_capacity")
    if request.method == "POST":
        return _record(request, step, act)
    return render(request, template, {"case": step.case, "addressee": person_words(step.code.person)})


def _record(request: HttpRequest, step: At, act: Act) -> HttpResponse:
    """One act of the service; a lock that waits too long loses nothing of the visit."""
    acts: dict[Act, Callable[..., object]] = {
        Act.OPPOSED: opposing.oppose,
        Act.OPENING_ASKED: opposing.ask_opening,
        Act.WITHDRAWN: opposing.withdraw,
        Act.CONFIRMED: opposing.confirm,
    }
    try:
        made = acts[act](person_id=step.case.person, wish=step.wish(), at=step.now)
    except WishRefusedError:
        return _explain(request)
    except BUSY:
        told = _("Too much is going on just now. Nothing was recorded and nothing of your answers is lost: try again.")
        outcome.tell(request, Outcome(title=_("Not recorded yet"), detail=told, level=messages.WARNING))
        return redirect(request.path)
    if isinstance(made, opposing.Changed) and made.conflict is not None:
        return redirect("rollout:opposition_choice")
    return _done(request, step, act.value)


def _done(request: HttpRequest, step: At, act: str) -> HttpResponse:
    step.case.act, step.case.choice, step.visit.current = act, "", step.case.handle
    visits.keep(request, step.visit, at=step.now)
    return redirect("rollout:opposition_done")


def _explain(request: HttpRequest) -> HttpResponse:
    told = _("Something has changed since your last step. Nothing was recorded.")
    outcome.tell(request, Outcome(title=_("Not recorded"), detail=told, level=messages.WARNING))
    return redirect("rollout:opposition_choice")


def _changed_elsewhere(request: HttpRequest) -> HttpResponse:
    told = _("Your answers have changed in another tab. Nothing was recorded: read them again.")
    outcome.tell(request, Outcome(title=_("Not recorded"), detail=told, level=messages.WARNING))
    return redirect("rollout:opposition_check")


def _mark_of(step: At) -> str:
    read_back = "\n".join((step.visit.token, step.case.handle, step.case.capacity, step.case.choice, step.visit.mail))
    return hashlib.sha256(read_back.encode()).hexdigest()[:16]
