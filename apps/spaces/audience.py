"""Whom something of a space is told to (IDN-57, NOT-04, NOT-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.access import Section
from apps.accounts.models import User
from apps.spaces.majority import is_minor
from apps.spaces.models import Delegation, HealthSpace, Representation


def people_to_tell(
    *,
    space_id: UUID,
    at: datetime,
    representatives: bool = True,
    delegates: bool = False,
    section: Section = Section.DOCUMENTS,
    space: HealthSpace | None = None,
) -> list[UUID]:
    """Users of the holder and of those who represent them at `at`; relatives who may read the section only where the
    rule says so (NOT-06, NOT-07, SPA-55). Whoever merely assists is told nothing (SPA-51).

    A minor holder has no sign-in (SPA-47) and is never among them. `representatives=False` is for what is kept from
    them (ACC-33). Nobody of a space that does not exist. `space` is that space where the caller has it, with its
    holder.
    """
    holder = space or HealthSpace.objects.filter(pk=space_id).select_related("identity").first()
    if holder is None:
        return []
    people = Q(pk__in=[])
    if not is_minor(holder.identity.born_on, at=at):
        people |= Q(identity_id=holder.identity_id)
    deciding = Representation.objects.running(at=at).representing()
    reading = Delegation.objects.running(at=at).filter(sections__has_key=section.value)
    for wanted, rights in ((representatives, deciding), (delegates, reading)):
        if wanted:
            people |= Q(identity_id__in=rights.filter(space_id=space_id).values("person_id"))
    return list(User.objects.filter(people, is_active=True).order_by("pk").values_list("pk", flat=True))
