"""People who help and are helped, for tests of delegations."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from apps.access import Actor
from apps.accounts.models import InsIdentity, User
from apps.spaces.models import DelegationInvitation, HealthSpace
from apps.spaces.services import finding, invitations
from apps.spaces.services.finding import Terms, Traits
from apps.spaces.services.invitations import Reader
from tests import factories
from tests.harness.clock import NOON

TODAY, LAST_DAY = date(2026, 11, 25), date(2027, 5, 31)
ALL = {"documents": "manage", "history": "read"}


def helper(**values: Any) -> User:
    """Somebody with an account: Diane Morel, born on 14 June 1984."""
    return factories.user(
        person=factories.identity(**{"first_given_name": "DIANE", "birth_given_names": "DIANE", **values})
    )


def holder_actor(space: HealthSpace, *, at: datetime = NOON) -> Actor:
    user = User.objects.filter(identity=space.identity).first() or factories.user(person=space.identity)
    return replace(factories.holder(space, at=at), user_id=user.pk)


def traits_of(person: InsIdentity, **changes: str) -> Traits:
    values = {
        "ins_number": person.ins_number,
        "first_name": person.first_given_name,
        "family_name": person.birth_family_name,
        "birth_date": person.birth_date,
    }
    return Traits(**{**values, **changes})


def terms(**changes: Any) -> Terms:
    return Terms(**{"sections": ALL, "starts_on": TODAY, "ends_on": LAST_DAY, **changes})


def found(space: HealthSpace, person: InsIdentity, *, at: datetime = NOON, **changes: Any) -> DelegationInvitation:
    draft = finding.search_person(
        actor=holder_actor(space, at=at), traits=traits_of(person), terms=terms(**changes), at=at
    )
    assert draft is not None
    return draft


def invited(space: HealthSpace, person: InsIdentity, *, at: datetime = NOON, **changes: Any) -> DelegationInvitation:
    draft = found(space, person, at=at, **changes)
    return invitations.send_invitation(actor=holder_actor(space, at=at), search_id=draft.search_id, at=at)


def reader(user: User) -> Reader:
    return Reader(user_id=user.pk, person_id=user.identity_id, level="eidas2")


def accepted(space: HealthSpace, user: User, *, at: datetime = NOON, **changes: Any) -> DelegationInvitation:
    row = invited(space, user.identity, at=at, **changes)
    return invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=at)


def url(name: str, *args: object) -> str:
    return reverse(f"spaces:{name}", args=args)


def words_of(response: HttpResponse) -> str:
    """What a reader reads, with plain spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text).replace("\u202f", " ").replace("\xa0", " "))
