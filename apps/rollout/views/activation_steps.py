"""What every step of an activation begins with: who looks, and the activation of the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.levels import reaches
from apps.accounts.models import User
from apps.accounts.sessions import level_of
from apps.rollout.models import Activation, Capacity
from apps.rollout.services import activations
from apps.rollout.services.activations import Visitor
from apps.ui import outcome
from apps.ui.outcome import Outcome

SHOWN = "ens_activations"  # activations whose notice this browser has typed
SHOWN_AT_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """One step: the activation, who looks at it, when."""

    activation: Activation
    visitor: Visitor
    now: datetime

    @property
    def is_own(self) -> bool:
        return self.activation.capacity == Capacity.SELF

    @property
    def is_signed_in(self) -> bool:
        """Whether the person who acts is the one behind the session."""
        acts = self.activation.by_id or self.activation.person_id
        return self.visitor.user is not None and self.visitor.identity_id == acts


Step = Callable[[HttpRequest, At], HttpResponse]


def visitor_of(request: HttpRequest) -> Visitor:
    """Somebody signed in at the level that opens spaces, or a browser (SEC-34)."""
    level = level_of(request)
    shown = frozenset(UUID(one) for one in request.session.get(SHOWN, []))
    if isinstance(request.user, User) and reaches(level, settings.HOLDER_MIN_LEVEL):
        return Visitor(user=request.user, level=level, shown=shown)
    return Visitor(shown=shown)


def show(request: HttpRequest, activation: Activation) -> None:
    """Let this browser go on with an activation whose notice it has typed, under a new session key (SEC-15)."""
    request.session.cycle_key()
    known = [one for one in request.session.get(SHOWN, []) if one != str(activation.pk)]
    request.session[SHOWN] = [*known, str(activation.pk)][-SHOWN_AT_MOST:]


def in_activation(view: Step) -> Callable[..., HttpResponse]:
    """The activation of the address, for whoever it belongs to; visitors begin again, others find nothing."""

    @wraps(view)
    def step(request: HttpRequest, activation_id: UUID) -> HttpResponse:
        now, visitor = timezone.now(), visitor_of(request)
        row = activations.find(activation_id=activation_id, visitor=visitor, at=now)
        if row is not None:
            return view(request, At(activation=row, visitor=visitor, now=now))
        if request.user.is_authenticated:
            raise Http404
        detail = _("Prove again who you are: what you had done is kept for 30 days.")
        outcome.tell(request, Outcome(title=_("Your visit is over"), detail=detail, level=messages.WARNING))
        return redirect("rollout:activation_start")

    return step


def under_way(view: Step) -> Callable[..., HttpResponse]:
    """The same for steps before the end: once it is finished, the end is shown (back button, second tab)."""

    @wraps(view)
    def step(request: HttpRequest, at: At) -> HttpResponse:
        if at.activation.finished_at is not None:
            return redirect("rollout:activation_done", at.activation.pk)
        return view(request, at)

    return in_activation(step)
