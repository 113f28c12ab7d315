"""The store of the demonstration: an invented publisher with its mandate, the nine seats and the next sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.access import Actor, Role
from apps.accounts.models import User
from apps.common.dates import PARIS
from apps.common.workdays import add_workdays, is_workday
from apps.journeys.demonstration.documents.pdf import text_pdf
from apps.journeys.demonstration.luhn import with_luhn
from apps.journeys.demonstration.staff import MEMBERS, PUBLISHER, SECOND_PUBLISHER, SECRETARIAT, at_work
from apps.store.clocks import months_after
from apps.store.models import CommissionMember, Member, Publisher
from apps.store.services import members, publishers, sitting

# No register gives numbers that begin with 000: these companies are nobody's.
SIREN = with_luhn("00010002")
SIRET = with_luhn(f"{SIREN}0001")
_SECOND_SIREN = with_luhn("00010003")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """An invented publisher; `person` signs in by `email` and holds its mandate."""

    siren: str
    email: str
    person: str
    details: publishers.Details


BRISE = Company(
    siren=SIREN, email=PUBLISHER, person="Maud Kerbrat",
    details=publishers.Details(
        siret=SIRET, finess="", group_siren="", name="Brise Santé", representative_name="Loïc Penhoat",
        representative_title="Président", contact_email=PUBLISHER, security_email=PUBLISHER,
        security_phone="02 61 91 00 10",
    ),
)  # fmt: skip
SOMMEIL = Company(
    siren=_SECOND_SIREN, email=SECOND_PUBLISHER, person="Yann Le Goff",
    details=publishers.Details(
        siret=with_luhn(f"{_SECOND_SIREN}0001"), finess="", group_siren="", name="Cap Sommeil",
        representative_name="Solenn Riou", representative_title="Gérante", contact_email=SECOND_PUBLISHER,
        security_email=SECOND_PUBLISHER, security_phone="02 61 91 00 11",
    ),
)  # fmt: skip
_SESSIONS = 3
_FIRST_SESSION = timedelta(days=14)
_MANDATE_MONTHS = 24


def load_store(*, today: date, since: datetime, at: datetime) -> None:
    """Register the publisher as on `since`, fill the seats, plan the sessions from `today` on."""
    register(BRISE, today=today, since=since)
    _fill_seats(since)
    _plan(today, at)


def register(company: Company, *, today: date, since: datetime) -> Publisher:
    """Register a publisher whose one member administers it and signs for it."""
    actor = Actor(role=Role.PUBLISHER, at=since, user_id=User.objects.get(email=company.email).pk)
    publisher = publishers.register(
        actor=actor, siren=company.siren, person=company.person, details=company.details, at=since
    )
    _give_mandate(publisher, company, today, since)
    return publisher


def _give_mandate(publisher: Publisher, company: Company, today: date, since: datetime) -> None:
    member = members.members_of(publisher.pk)[0]
    actor = Actor(role=Role.PUBLISHER, at=since, user_id=member.user_id, organisation_id=publisher.pk.hex)
    roles = [Member.Role.OWNER, Member.Role.SIGNATORY]
    members.change_roles(actor=actor, member_id=member.pk, roles=roles, at=since)
    who = company.details
    text = f"{who.representative_name}, {who.name}, donne pouvoir à {company.person} de signer les dossiers."
    until = months_after(today, _MANDATE_MONTHS)
    members.add_mandate(actor=actor, member_id=member.pk, data=text_pdf(text, title="Pouvoir"), until=until, at=since)


def _fill_seats(since: datetime) -> None:
    starts_on = since.astimezone(PARIS).date()
    for number, (seat, email) in enumerate(zip(CommissionMember.Seat, MEMBERS, strict=True), start=1):
        CommissionMember.objects.create(
            user=User.objects.get(email=email),
            seat=seat,
            name=f"Membre {number}",
            starts_on=starts_on,
            ends_on=months_after(starts_on, 24),
            interests_declared_on=starts_on,
        )


def _plan(today: date, at: datetime) -> None:
    """Once a month, on a working day."""
    for number in range(_SESSIONS):
        wished = months_after(today + _FIRST_SESSION, number)
        held_on = wished if is_workday(wished) else add_workdays(wished, 1)
        sitting.plan_session(actor=at_work(SECRETARIAT, at), held_on=held_on, at=at)
