"""Loads hostile texts into a space of the demonstration: run by `manage.py shell` in its state directory."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import InsIdentity, User
from apps.notifications.kinds import Kind
from apps.notifications.models import Notice
from apps.spaces.models import HealthSpace
from tests import factories
from tests.security.hostile import CORPUS, hostile_document, hostile_professional, name_person, trace


def load(*, space_id: str) -> None:
    """Each text in a document, a professional, a reading, a notice and a relative; one is the name of the holder."""
    space = HealthSpace.objects.select_related("identity").get(pk=space_id)
    for number, text in enumerate(CORPUS):
        row = hostile_document(space, text, number)
        trace(space, hostile_professional(space, text, number), row, text, at=timezone.now())
        _relative(space, text, number)
    person = InsIdentity.objects.get(pk=space.identity_id)
    person.given_name_in_use = person.family_name_in_use = CORPUS[1]
    person.save()


def _relative(space: HealthSpace, text: str, number: int) -> None:
    at = timezone.now()
    relative = factories.identity(ins_number=f"2840644108{number:03d}")
    name_person(relative, text)
    factories.delegation(of=space, person=relative, starts_at=at - timedelta(days=1), ends_at=at + timedelta(days=9))
    user = User.objects.get(identity_id=space.identity_id)
    facts = {"code": text}
    Notice.objects.create(
        user=user, kind=Kind.DELEGATION, key=f"hostile{number}", at=at, space_id=space.id, facts=facts
    )
