"""The session engine (`SESSION_ENGINE`): rows of `SignInSession`, ended by the server's clock (SEC-15, decisions 30).

A signed-in session ends `SESSION_IDLE_SECONDS` after the last request and `SESSION_ABSOLUTE_SECONDS` after the sign-in,
unless `SESSION_LIMITS` says otherwise for its role;
a visitor's ends 30 minutes after its last change. This is an entry point of requests: it reads the clock itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models.session import SignInSession

VISITOR_SECONDS = 1800  # security.md 4
KEPT_AFTER_END = timedelta(days=1)  # so that the sign-in page can say that a session has ended
LEVEL, MEANS, ROLE, ID_TOKEN, BEFORE = "ens_level", "ens_means", "ens_role", "ens_id_token", "ens_before"
DEVICE, SHOWS_CODES = "ens_device", "ens_shows_codes"  # the recovery codes are to be shown, once
CONFIRMED = "ens_confirmed"  # when the person last proved who they are, after the sign-in (S-10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """What pages and policies may know of the session of a request; `ends_at` unless something is done before."""

    level: str = ""
    role: str = ""
    opened_at: datetime | None = None
    ends_at: datetime | None = None
    has_ended: bool = False


def hashed(key: str) -> str:
    """SHA-256 of a session key: 165 random bits need no salt and no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """Django's session interface over `SignInSession`."""

    def __init__(self, session_key: str | None = None) -> None:
        self.facts = SessionFacts()
        super().__init__(session_key)

    def load(self) -> dict[str, Any]:
        row = SignInSession.objects.filter(pk=hashed(self.session_key or "")).first()
        if row is not None and row.expires_at > timezone.now():
            self.facts = SessionFacts(level=row.level, role=row.role, opened_at=row.opened_at, ends_at=row.expires_at)
            return dict(self.decode(row.data))
        self.facts = SessionFacts(has_ended=row is not None and row.user_id is not None)
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        return SignInSession.objects.filter(pk=hashed(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 (Django's interface)
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        values = {
            "data": self.encode(data),
            "user_id": UUID(data[SESSION_KEY]) if SESSION_KEY in data else None,
            "last_seen_at": now,
            "level": data.get(LEVEL, ""),
            "means": data.get(MEANS, ""),
            "role": data.get(ROLE, ""),
            "device": data.get(DEVICE, ""),
        }
        if must_create:
            self._insert(values, now)
        elif not self._alive(now).update(**values, expires_at=_end(now, values["role"], signed_in=SESSION_KEY in data)):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            SignInSession.objects.filter(pk=hashed(key)).delete()

    def touch(self) -> None:
        """Count a request of a signed-in person: the idle limit starts anew, the absolute one does not."""
        now = timezone.now()
        self._alive(now).update(last_seen_at=now, expires_at=_end(now, self.facts.role, signed_in=True))
        if self.facts.opened_at is not None:
            idle, absolute = limits_of(self.facts.role)
            self.facts = replace(self.facts, ends_at=min(now + idle, self.facts.opened_at + absolute))

    @classmethod
    def clear_expired(cls) -> None:
        SignInSession.objects.filter(expires_at__lt=timezone.now() - KEPT_AFTER_END).delete()

    def get_expire_at_browser_close(self) -> bool:
        """The cookie never outlives the browser: no « remember me »; the server's clock ends the session."""
        return True

    def _alive(self, now: datetime) -> Any:  # noqa: ANN401
        return SignInSession.objects.filter(pk=hashed(self.session_key or ""), expires_at__gt=now)

    def _insert(self, values: dict[str, Any], now: datetime) -> None:
        lives = limits_of(values["role"])[0] if values["user_id"] else timedelta(seconds=VISITOR_SECONDS)
        try:
            with transaction.atomic():
                SignInSession.objects.create(
                    pk=hashed(self.session_key or ""),
                    opened_at=now,
                    expires_at=now + lives,
                    **values,
                )
        except IntegrityError as error:
            raise CreateError from error


def facts_of(request: HttpRequest) -> SessionFacts:
    """Level and limits of the session of a request, without a query beyond the one that loads it."""
    session = request.session
    if not isinstance(session, SessionStore):
        return SessionFacts()
    session.get(SESSION_KEY)  # loads it
    return session.facts


def level_of(request: HttpRequest) -> str:
    """Level of the sign-in behind a request (`eidas1`…), empty for visitors (SEC-34)."""
    return facts_of(request).level


def previous_sign_in(request: HttpRequest) -> datetime | None:
    """When the person signed in the time before, None for the first time: somebody else's use is seen there (H-01)."""
    written = request.session.get(BEFORE, "")
    return datetime.fromisoformat(written) if written else None


def limits_of(role: str) -> tuple[timedelta, timedelta]:
    """Idle and absolute limit of a signed-in session of this role (security.md 4)."""
    usual = (settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS)
    idle, absolute = settings.SESSION_LIMITS.get(role, usual)
    return timedelta(seconds=idle), timedelta(seconds=absolute)


def _end(now: datetime, role: str, *, signed_in: bool) -> Any:  # noqa: ANN401 (an expression for the database)
    if not signed_in:
        return now + timedelta(seconds=VISITOR_SECONDS)
    idle, absolute = limits_of(role)
    return Least(Value(now + idle), F("opened_at") + absolute)
