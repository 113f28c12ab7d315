"""RO-03: one person whole; each opening is traced."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.rollout.services import person_file
from apps.rollout.services import population as people
from apps.rollout.views import person_lines
from apps.rollout.views.population import TEAM, too_many


@require_staff(*TEAM)
@require_safe
def person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    try:
        row = people.open_person(actor=request.actor, person_id=person_id)
    except people.UnknownPersonError as error:
        raise Http404 from error
    except people.TooManyPeopleError as error:
        return too_many(request, people.OPENINGS, error)
    found = person_file.file_of(row)
    context = {
        "person": row,
        "initials": person_lines.initials_of(row.identity),
        "traits": person_lines.traits(row),
        "standing": person_lines.standing(found),
        "notices": [person_lines.notice_row(one) for one in found.notices],
        "oppositions": [person_lines.opposition_row(one) for one in found.oppositions],
        "conflicts": person_lines.conflict_rows(found),
        "representatives": person_lines.representative_rows(found),
        "steps": [person_lines.step_row(one) for one in found.steps],
        "changes": person_lines.change_rows(found),
    }
    return render(request, "rollout/person.html", context)
