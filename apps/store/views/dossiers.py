"""What pages about one dossier of a publisher begin with, and what they say when somebody else was quicker (S34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.forms import BaseForm
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from apps.store.guards import PublisherRequest
from apps.store.models import Candidacy
from apps.store.services import acting
from apps.store.services.errors import ChangedError, UnknownRowError
from apps.store.states import Status
from apps.ui import words
from apps.ui.components import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """What another member has saved meanwhile: who and when, and the words that differ."""

    said: str
    pairs: tuple[Pair, ...] = ()


def dossier_of(request: PublisherRequest, candidacy_id: UUID) -> Candidacy:
    """One dossier of the publisher; unknown and foreign ones give the same 404."""
    try:
        return acting.candidacy_for(request.actor, candidacy_id=candidacy_id)
    except UnknownRowError as error:
        raise Http404 from error


def is_draft(candidacy: Candidacy) -> bool:
    """Whether it may still be changed."""
    return candidacy.status == Status.DRAFT


def name_of(names: Mapping[UUID, str], user_id: UUID | str | None) -> str:
    """The name of a member by their account."""
    try:
        return names[UUID(str(user_id))]
    except (KeyError, ValueError):
        return _("a member of your organisation")


def who_and_when(names: Mapping[UUID, str], error: ChangedError) -> str:
    """ "Modifié par Marc Delmas le 26 novembre 2026 à 10 h 02"."""
    return changed_by(names, error.actor, words.moment(error.at))


def changed_by(names: Mapping[UUID, str], user_id: UUID | str | None, moment: str) -> str:
    """The same for a row."""
    return _("Changed by %(name)s %(moment)s.") % {"name": name_of(names, user_id), "moment": moment}


def saved_by(names: Mapping[UUID, str], user_id: UUID | str | None, moment: str) -> str:
    """Who saved last, and when."""
    return _("Saved last by %(name)s, %(moment)s.") % {"name": name_of(names, user_id), "moment": moment}


def locked(form: BaseForm) -> None:
    """Say in the form that the dossier was sent meanwhile; what was typed stays on the page."""
    form.add_error(
        None, _("The dossier has been sent meanwhile: nothing is saved any more. Copy what you want to keep.")
    )


def with_values(post: QueryDict, **values: str) -> QueryDict:
    """The same answers, some hidden fields changed."""
    changed = post.copy()
    for name, value in values.items():
        changed[name] = value
    return changed


def status_of(form: BaseForm) -> HTTPStatus:
    """422 for a form that has faults."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
