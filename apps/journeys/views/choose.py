"""Choice of a space (S-09)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.access import Role
from apps.accounts import sessions
from apps.accounts.levels import reaches
from apps.accounts.models import User
from apps.accounts.sessions import level_of
from apps.accounts.staff import roles_of
from apps.journeys import home, workplaces
from apps.rollout.services import offering
from apps.rollout.services.own_conflicts import own_conflicts

OWN = "mien"  # straight to one's own space, when there is one


@require_safe
@login_required
def choose_space(request: HttpRequest) -> HttpResponse:
    """Own space, children, people helped, invitations that wait; passed through when there is only one thing to choose,
    explained when there is none (S-09).
    """
    now = timezone.now()
    if roles := roles_of(request, at=now):
        return redirect(workplaces.first_page(roles) or "journeys:home")
    if request.session.get(sessions.ROLE) == Role.PUBLISHER:
        return redirect(workplaces.PAGES_OF_PUBLISHERS)
    user = request.user if isinstance(request.user, User) else None
    if user is not None and user.identity_id and not reaches(level_of(request), settings.HOLDER_MIN_LEVEL):
        return redirect("accounts:level")  # not « Aucun espace »: there may be one (SEC-34)
    cards = home.space_cards(user=user, level=level_of(request), at=now) if user is not None else []
    waiting = home.pending_invitations(user=user, level=level_of(request), at=now) if user is not None else 0
    passed = [card for card in cards if card.role is Role.HOLDER] if OWN in request.GET else []
    if not passed and len(cards) == 1 and not waiting and "tous" not in request.GET:
        passed = cards
    if passed:
        return redirect("journeys:dashboard", space_id=passed[0].space_id)
    known = user.identity_id if user is not None else None
    offers = offering.offers_of(identity_id=known, at=now) if known is not None else []
    held = [one for one in own_conflicts(known) if not one.outcome] if known is not None else []
    context = {"cards": cards, "waiting": waiting, "offers": offers, "held": held}
    return render(request, "journeys/choose_space.html", context)
