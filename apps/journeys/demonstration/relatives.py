"""Relatives of the cast: mandates, invitations, assistance and rights that ended at 18; the file knows none of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from apps.accounts.models import InsIdentity
from apps.common.dates import midnight
from apps.journeys.demonstration import cast as people
from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.story import opened_at
from apps.spaces.models import Delegation, DelegationInvitation, Representation


def load_relatives(*, spaces: Mapping[str, UUID], today: date, at: datetime) -> None:
    """Write the rows; `spaces` by key of the cast. Days are counted from `today`, so that one mandate always runs, one
    is over, one invitation waits and one has expired.
    """
    persons = _persons(today)
    _mandates(spaces, persons, today, at)
    for former in people.former_representations(today=today):
        Representation.objects.create(
            space_id=spaces[former.holder],
            person_id=persons[former.representative],
            capacity=former.quality,
            starts_at=opened_at(today),
            ends_at=midnight(former.ended_on),
            end_told_at=at,
        )
    for entry in _data()["assistance"]:
        Representation.objects.create(
            space_id=spaces[entry["holder"]],
            person_id=persons[entry["by"]],
            capacity=entry["quality"],
            measure=entry["measure"],
            mode=Representation.Mode.ASSISTANCE,
            starts_at=opened_at(today),
        )
    for entry in _data()["invitation"]:
        _invitation(entry, spaces, persons, today)


def _mandates(spaces: Mapping[str, UUID], persons: Mapping[str, UUID], today: date, at: datetime) -> None:
    for mandate in people.mandates(today=today):
        ends_at = midnight(mandate.ends_on + timedelta(days=1))
        Delegation.objects.create(
            space_id=spaces[mandate.holder],
            person_id=persons[mandate.delegate],
            starts_at=midnight(mandate.starts_on),
            ends_at=ends_at,
            end_told_at=at if ends_at <= at else None,
        )


def _invitation(entry: Mapping[str, Any], spaces: Mapping[str, UUID], persons: Mapping[str, UUID], today: date) -> None:
    sent_on = today + timedelta(days=entry["sent"])
    sent_at = midnight(sent_on) + timedelta(hours=9)
    DelegationInvitation.objects.create(
        space_id=spaces[entry["holder"]],
        person_id=persons[entry["delegate"]],
        inviter_id=persons[entry["holder"]],
        search_id=uuid4(),
        searched_at=sent_at,
        sections=entry["sections"],
        starts_on=sent_on,
        ends_on=today + timedelta(days=entry["ends"]),
        sent_at=sent_at,
        expires_at=sent_at + timedelta(days=settings.INVITATION_DAYS),
    )


def _persons(today: date) -> Mapping[str, UUID]:
    numbers = {member.row.matricule: member.key for member in people.cast(today=today)}
    found = InsIdentity.objects.filter(ins_number__in=numbers).values_list("ins_number", "pk")
    return {numbers[number]: person_id for number, person_id in found}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((DATA / "cast.toml").read_text(encoding="utf-8"))
