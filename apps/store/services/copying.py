"""A new draft made of a dossier that has come to an end: nothing has to be written twice (PU-10, STO-22, STO-33)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import criteria, subjects
from apps.store.criteria import Criterion
from apps.store.models import Answer, Candidacy, ConsentText, Evidence, Sheet
from apps.store.services import acting, drafting, numbering, sheets
from apps.store.services.consenting import CONTENTS
from apps.store.services.errors import WrongValueError
from apps.store.states import Status

COPIED = frozenset({Status.REFUSED, Status.LAPSED, Status.INADMISSIBLE, Status.ABANDONED})
_FILE = (
    "use", "criteria", "title", "alternative", "name", "media_type", "size", "sha256", "vault_id", "file_id",
    "issued_on", "valid_until", "secrets_found", "position", "added_by_id", "added_at",
)  # fmt: skip


@transaction.atomic
def copy(*, actor: Actor, candidacy_id: UUID, new_id: UUID, at: datetime) -> Candidacy:
    """Begin a draft with the answers, page, texts of consent and files of a dossier of one's publisher.

    The draft takes the newest referential; answers to criteria that differ in it are not copied (STO-33). Sent twice
    with the same `new_id` it is one. Raises `UnfinishedError` when the service has another dossier that is not at an
    end, `WrongValueError` in a state that is not copied or where the service has left (`listing`), `UnknownRowError`,
    `AccessDeniedError`.
    """
    member = acting.member_who_acts(actor)
    numbering.wait_for_turn()
    known = drafting.already_there(publisher=member.publisher, candidacy_id=new_id)
    if known is not None:
        return known
    source = acting.locked(actor, candidacy_id=candidacy_id)
    if source.status not in COPIED:
        raise WrongValueError("status", source.status)
    return draft_from(source, actor=actor, new_id=new_id, at=at)


def draft_from(source: Candidacy, *, actor: Actor, new_id: UUID, at: datetime, **columns: object) -> Candidacy:
    """A draft with all that a dossier says. The caller has waited for its turn, and knows that the actor may.

    Raises what `drafting.open_draft` raises.
    """
    made = drafting.open_draft(
        actor=actor, service=source.service, candidacy_id=new_id, profile=drafting.profile_of(source), at=at,
        orientation=source.orientation, copied_from=source, **columns,
    )  # fmt: skip
    _take_contents(source, made)
    drafting.traced(actor=actor, candidacy=made, act="candidacy.copy", at=at, source=str(source.id))
    return made


def _take_contents(source: Candidacy, made: Candidacy) -> None:
    """Who wrote what, and when, stays."""
    kept = unchanged(before=criteria.criteria_of(source.referential), after=criteria.criteria_of(made.referential))
    Answer.objects.bulk_create(
        Answer(
            candidacy=made, criterion=row.criterion, value=row.value, comment=row.comment, data=row.data,
            declared_by_id=row.declared_by_id, declared_at=row.declared_at,
        )
        for row in source.answers.filter(criterion__in=kept)
    )  # fmt: skip
    _copy_page(source, made)
    ConsentText.objects.bulk_create(
        ConsentText(
            candidacy=made, category=row.category, direction=row.direction, written_by_id=row.written_by_id,
            written_at=row.written_at, **{name: getattr(row, name) for name in CONTENTS},
        )
        for row in source.consent_texts.all()
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(candidacy=made, publisher_id=made.publisher_id, **{name: getattr(piece, name) for name in _FILE})
        for piece in subjects.current_evidence(source)
    )


def unchanged(*, before: Iterable[Criterion], after: Iterable[Criterion]) -> frozenset[str]:
    """Codes of criteria that ask the same in both versions, wherever they stand."""
    asked = {criterion.code: _asks(criterion) for criterion in before}
    return frozenset(criterion.code for criterion in after if asked.get(criterion.code) == _asks(criterion))


def _asks(criterion: Criterion) -> tuple[object, ...]:
    return (criterion.question, criterion.evidence, criterion.tag, criterion.is_blocking)


def _copy_page(source: Candidacy, made: Candidacy) -> None:
    sheet = source.sheets.filter(replaced_at=None).order_by("-version").first()
    if sheet is not None:
        contents = sheets.contents_of(sheet)
        Sheet.objects.create(candidacy=made, written_by_id=sheet.written_by_id, written_at=sheet.written_at, **contents)
