"""What is kept of a visit to the pages of opposition: in the session, for 30 minutes, nothing in addresses (O-01)."""

from __future__ import annotations

import secrets as random
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from apps.files import secrets
from apps.files.crypto import TamperedError

KEY = "ens_opposition"
PURPOSE = "rollout.visit"
LIFE = timedelta(minutes=30)
PEOPLE_AT_MOST = 20  # a household that has more starts a second visit


@dataclass(slots=True, kw_only=True)
class Case:
    """One person whose code was shown in this visit. `handle` stands in forms: it means nothing elsewhere.

    `act` is what was recorded here: an `Act`, `closed`, or `waited`.
    """

    handle: str
    code_id: str
    person_id: str
    capacity: str = ""
    choice: str = ""
    act: str = ""

    @property
    def code(self) -> UUID:
        return UUID(self.code_id)

    @property
    def person(self) -> UUID:
        return UUID(self.person_id)


@dataclass(slots=True, kw_only=True)
class Visit:
    """People one after the other, the one at hand, and the mail address for the receipts, sealed."""

    token: str
    seen_at: str
    current: str = ""
    sealed_mail: str = ""
    cases: list[Case] = field(default_factory=list)

    def case(self, handle: str) -> Case | None:
        """The person of a form; of the page at hand when none is named."""
        wanted = handle or self.current
        return next((case for case in self.cases if case.handle == wanted), None)

    def take_up(self, *, code_id: UUID, person_id: UUID) -> Case:
        """Go on with somebody whose code was just shown; the same person twice stays one."""
        case = next((case for case in self.cases if case.person_id == str(person_id)), None)
        if case is None:
            case = Case(handle=random.token_urlsafe(9), code_id=str(code_id), person_id=str(person_id))
            self.cases = [*self.cases, case][-PEOPLE_AT_MOST:]
        case.code_id, self.current = str(code_id), case.handle
        return case

    @property
    def mail(self) -> str:
        """Empty when none was typed."""
        if not self.sealed_mail:
            return ""
        try:
            return secrets.unseal(purpose=PURPOSE, sealed=self.sealed_mail, bound_to=self.token).decode()
        except TamperedError:
            return ""

    def remember_mail(self, mail: str) -> None:
        self.sealed_mail = secrets.seal(purpose=PURPOSE, plain=mail.encode(), bound_to=self.token) if mail else ""


def find(request: HttpRequest, *, at: datetime) -> Visit | None:
    """The visit of this browser, unless half an hour has passed since its last step."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    visit = Visit(**{**kept, "cases": [Case(**case) for case in kept["cases"]]})
    seen_at = datetime.fromisoformat(visit.seen_at)
    return visit if seen_at <= at < seen_at + LIFE else None


def begin(request: HttpRequest, *, at: datetime) -> Visit:
    """A visit under a new session key: whoever knew the old one does not follow."""
    request.session.cycle_key()
    return Visit(token=random.token_urlsafe(16), seen_at=at.isoformat())


def keep(request: HttpRequest, visit: Visit, *, at: datetime) -> None:
    """After every step."""
    visit.seen_at = at.isoformat()
    request.session[KEY] = asdict(visit)


def forget(request: HttpRequest) -> None:
    """« Terminer et effacer »: a visitor's session goes, somebody signed in stays so."""
    request.session.pop(KEY, None)
    if not request.user.is_authenticated:
        request.session.flush()
