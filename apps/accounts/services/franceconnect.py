"""Sign-in and sign-out of people, with their lines in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from apps.access import Actor, Decision, Role
from apps.accounts import events, sessions
from apps.accounts.devices import device_of
from apps.accounts.franceconnect.faults import Fault
from apps.accounts.franceconnect.flow import Proof
from apps.accounts.linking import Link, agrees, choose, stored_birth_dates
from apps.accounts.models import InsIdentity, SignInSession, User
from apps.accounts.provider import franceconnect
from apps.accounts.services import opening
from apps.audit.services import Line, record

BY_TRAITS = Decision(allowed=True, rule="accounts.five_traits")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """`link` says whether the person's identity is known; `response` is the redirection that allauth made."""

    user: User
    link: Link
    response: HttpResponse


@transaction.atomic
def sign_in_by_franceconnect(*, request: HttpRequest, proof: Proof, next_url: str, at: datetime) -> SignedIn:
    """Open a session for the person that FranceConnect proved.

    The first sign-in makes the user and looks for the one identity with the same five traits (IDN-29); without it the
    person is signed in and has no space. The account is keyed on (issuer, sub) alone. The session gets a new key and
    its level (SEC-15, SEC-34); the person's oldest sessions beyond `SESSIONS_PER_PERSON` end.
    `next_url`: address on this site, already checked.
    """
    user = _user_of(proof)
    link = _link(user, proof, at)
    before = user.last_login
    request.session.flush()  # nothing of the visitor goes on: new key, new CSRF token (S40)
    login = franceconnect(request).login_of(proof, next_url=next_url)
    response = complete_social_login(request, login)
    if not request.user.is_authenticated:
        _record(user=user, level=proof.level, at=at, line=_refusal("inactive", user))
        return SignedIn(user=user, link=link, response=response)
    request.session.update(
        {
            sessions.LEVEL: proof.level,
            sessions.MEANS: SignInSession.Means.FRANCECONNECT.value,
            sessions.ROLE: Role.HOLDER.value,
            sessions.DEVICE: device_of(request).value,
            sessions.ID_TOKEN: proof.id_token,
            sessions.CONFIRMED: (proof.authenticated_at or at).isoformat(),
            sessions.BEFORE: before.isoformat() if before else "",
        }
    )
    request.session.save()
    opening.end_oldest(user=user, request=request, most=settings.SESSIONS_PER_PERSON, at=at)
    facts = {"means": SignInSession.Means.FRANCECONNECT.value, "link": link.value}
    _record(
        user=user, level=proof.level, at=at, line=Line(action="accounts.session.open", target=_name(user), facts=facts)
    )
    events.tell_session_opened(user=user, level=proof.level, at=at)
    return SignedIn(user=user, link=link, response=response)


def record_start(*, acr: str, at: datetime) -> None:
    """Write that a sign-in was begun with the level asked (S-02)."""
    _record(user=None, level="", at=at, line=Line(action="accounts.session.start", facts={"asked": acr}))


def refuse_sign_in(*, fault: Fault, at: datetime) -> None:
    """Write one line for an answer that opened no session; nobody is named, for nobody is proved."""
    _record(user=None, level="", at=at, line=_refusal(fault.value, None))


def sign_out(*, request: HttpRequest, at: datetime) -> str:
    """End the session of this browser; returns the id_token for the provider's logout, or an empty text.

    Our session ends first: whatever the provider does, this browser is signed out (IDN-18).
    """
    user = request.user
    id_token = str(request.session.get(sessions.ID_TOKEN, ""))
    level = sessions.facts_of(request).level
    with transaction.atomic():
        if isinstance(user, User):
            _record(user=user, level=level, at=at, line=Line(action="accounts.session.close", target=_name(user)))
        logout(request)
    return id_token


def _user_of(proof: Proof) -> User:
    """The user of (issuer, sub), locked until the session is open."""
    account = SocialAccount.objects.filter(provider=proof.issuer, uid=proof.subject).only("user_id").first()
    if account is None:
        made = User()
        made.set_unusable_password()
        made.save()
        account, created = SocialAccount.objects.get_or_create(
            provider=proof.issuer, uid=proof.subject, defaults={"user": made, "extra_data": {"acr": proof.level}}
        )
        if not created:  # two first sign-ins at once: the other one won
            made.delete()
    return User.objects.select_for_update(of=("self",)).get(pk=account.user_id)


def _link(user: User, proof: Proof, at: datetime) -> Link:
    if user.identity_id is not None:
        return Link.KNOWN
    wanted = stored_birth_dates(proof.pivot)
    found = InsIdentity.objects.with_family_and_birth(family=proof.pivot.family_name, birth_dates=wanted)
    candidates = list(found.select_for_update(of=("self",)))
    same = [identity.pk for identity in candidates if agrees(proof.pivot, identity)]
    taken = User.objects.filter(identity__in=same).exists()
    link, identity = choose(proof.pivot, candidates, taken=taken)
    if identity is None:
        return link
    user.identity = identity
    user.save(update_fields=["identity"])
    line = Line(action="accounts.identity.link", target=f"identity:{identity.pk}", decision=BY_TRAITS)
    _record(user=user, level=proof.level, at=at, line=line)
    return link


def _refusal(reason: str, user: User | None) -> Line:
    target = _name(user) if user else ""
    decision = Decision(allowed=False, rule=f"accounts.{reason}")
    return Line(action="accounts.session.refuse", target=target, decision=decision)


def _record(*, user: User | None, level: str, at: datetime, line: Line) -> None:
    actor = Actor(role=Role.NOBODY, at=at, user_id=user.pk if user else None, level=level)
    record(actor=actor, line=line, at=at)


def _name(user: User) -> str:
    return f"user:{user.pk}"
