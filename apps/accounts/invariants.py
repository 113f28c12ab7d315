"""What holds of sessions at every moment (SEC-15, REL-23)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F

from apps.accounts.models import SignInSession
from apps.common.invariants import register

KEPT_AT_MOST = timedelta(days=2)  # the hourly task deletes after one day


@register("accounts.sessions_beyond_the_absolute_limit")
def sessions_beyond_the_absolute_limit(*, at: datetime) -> int:
    """Sessions of people that would live longer after their sign-in than is allowed."""
    rows = SignInSession.objects.filter(user__isnull=False, expires_at__gt=at)
    usual = timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
    found = rows.exclude(role__in=settings.SESSION_LIMITS).filter(expires_at__gt=F("opened_at") + usual).count()
    for role, (_, absolute) in settings.SESSION_LIMITS.items():
        limit = F("opened_at") + timedelta(seconds=absolute)
        found += rows.filter(role=role, expires_at__gt=limit).count()
    return found


@register("accounts.people_with_too_many_sessions")
def people_with_too_many_sessions(*, at: datetime) -> int:
    """People with more sessions at once than are allowed."""
    rows = SignInSession.objects.filter(user__isnull=False, expires_at__gt=at).values("user_id")
    return rows.annotate(number=Count("pk")).filter(number__gt=settings.SESSIONS_PER_PERSON).order_by().count()


@register("accounts.ended_sessions_kept")
def ended_sessions_kept(*, at: datetime) -> int:
    """Sessions that ended days ago and are still there."""
    return SignInSession.objects.filter(expires_at__lt=at - KEPT_AT_MOST).count()
