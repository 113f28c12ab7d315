from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from apps.access import Actor, Role, Section
from apps.common.text import fold
from apps.dmp.paging import BY_DATE
from apps.files.blind import VaultWords
from apps.files.models import StoredFile
from apps.formats.searching import stems_of, words_of

if TYPE_CHECKING:
    from apps.dmp.models.document import Document  # noqa: F401  named in a string below

_APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
_DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
_ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
_YEAR_ONLY = r"^\d{4}$"
_BY_HOLDER = "EXP_PATIENT"  # place and setting of what the holder writes (JDV_J02, JDV_J04)
MAX_SEARCH_WORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Contents to be searched too: those of this space, whose vault is open."""

    space_id: UUID
    words: VaultWords


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads of documents. `visible_to` is the only entry for code that shows them to someone (SEC-01)."""

    def visible_to(self, actor: Actor) -> Self:
        """The rule of `policies.may_read` as SQL, in the order of ACC-37; a property test keeps the two equal."""
        if actor.space_id is None or not actor.rights.space_open:
            return self.none()
        in_space = self.filter(space_id=actor.space_id)
        match actor.role:
            case Role.HOLDER:
                return in_space.filter(_announced(actor.at))
            case Role.REPRESENTATIVE | Role.DELEGATE if actor.has_current_right and actor.reads(Section.DOCUMENTS):
                return in_space.filter(_announced(actor.at), kept_from_representatives=False)
            case Role.PROFESSIONAL:
                return in_space.filter(_own(actor) | _opened_to_profession(actor))
            case _:
                return self.none()

    def current(self) -> Self:
        """Without replaced, archived and deleted versions (DMP-05, DMP-66)."""
        return self.filter(availability=_APPROVED)

    def current_for(self, actor: Actor) -> Self:
        """`current`, and versions whose successor is kept from the holder's side: to them nothing has come after, or
        the list would lose a document on the day of the secret one (SEC-05, ACC-33, ACC-34).
        """
        return self.filter(Q(availability=_APPROVED) | self._replaced_unseen(actor))

    def archived(self) -> Self:
        """Put away, not replaced: out of `current` (DMP-66)."""
        return self.filter(availability=_ARCHIVED)

    def by_holder(self) -> Self:
        """The holder's own documents; class 90 would miss most of them: DOCPAT01 to 09 have other classes (DMP-25)."""
        own_place = Q(facility_code=_BY_HOLDER) | Q(practice_code=_BY_HOLDER)
        return self.filter(own_place | Q(type_code__startswith="DOCPAT") | Q(type_code__startswith="EXPPAT_"))

    def with_availability_for(self, actor: Actor) -> Self:
        """Annotates `is_last_seen`: replaced by a version that the actor may not know of (SEC-05)."""
        return self.annotate(is_last_seen=self._replaced_unseen(actor))

    def _replaced_unseen(self, actor: Actor) -> Q:
        if not actor.is_holder_side:
            return Q(id__in=[])
        successors = self.model._default_manager.filter(space_id=OuterRef("space_id"), replaces_id=OuterRef("id"))
        seen = successors.visible_to(actor)
        return Q(Exists(successors), ~Exists(seen), availability=_DEPRECATED)

    def with_month_unknown(self) -> Self:
        """Annotates `month_unknown`: 1 for a document that knows its year only (DMP-09), else 0."""
        year_only = Q(act_started__regex=_YEAR_ONLY) | Q(act_started="", created__regex=_YEAR_ONLY)
        return self.annotate(month_unknown=Case(When(year_only, then=1), default=0))

    def newest_first(self) -> Self:
        return self.order_by(*BY_DATE)

    def with_read_by(self, user_id: UUID | None) -> Self:
        """Annotates `was_read`: that reader has opened the document."""
        return self.annotate(was_read=self._mark_of(user_id))

    def unread_by(self, user_id: UUID | None) -> Self:
        """Documents that this reader has never opened ("Nouveau")."""
        return self.filter(~self._mark_of(user_id))

    def _mark_of(self, user_id: UUID | None) -> Exists:
        marks = self.model._meta.apps.get_model("dmp", "readmark").objects
        reader = {"user_id": user_id} if user_id is not None else {"user_id__isnull": True}
        return Exists(marks.filter(space_id=OuterRef("space_id"), document_id=OuterRef("id"), **reader))

    def matching(self, words: str, *, inside: Inside | None = None) -> Self:
        """Every word stands in title, author, place or kind, whatever the case and the accents, or, as one of its
        forms, in the content; ten words at most (SEC-32).
        """
        found = self
        # What holds no letter and no figure is looked for in the records only, which have next to none of it.
        for word in list(words_of(words))[:MAX_SEARCH_WORDS] or fold(words).split()[:MAX_SEARCH_WORDS]:
            in_record = Q(folded__contains=fold(word))
            found = found.filter(in_record | self._said(word, inside) if inside else in_record)
        return found

    def _said(self, word: str, inside: Inside) -> Q:
        """Contents with the word. No row is asked for on its own: one look through the space's."""
        marks = [inside.words.mark(stem) for stem in sorted(stems_of(word))]
        if not marks:
            return Q(id__in=[])
        rows = self.model._meta.apps.get_model("dmp", "wording").objects.filter(space_id=inside.space_id)
        looks = (Q(GreaterThan(StrIndex("marks", Value(mark)), 0)) for mark in marks)
        return Q(id__in=rows.filter(reduce(or_, looks)).values("document_id"), file__state=StoredFile.State.CLEAN)

    def dated_between(self, first: date | None, last: date | None) -> Self:
        found = self
        if first is not None:
            found = found.filter(sorted_on__gte=first)
        if last is not None:
            found = found.filter(sorted_on__lte=last)
        return found


def _announced(at: datetime) -> Q:
    """Not under an announcement consultation at `at`: the clock ends it, no job does (ACC-34, REL-22)."""
    return Q(concealed_until=None) | Q(concealed_until__lte=at)


def _own(actor: Actor) -> Q:
    if not actor.national_id:
        return Q(id__in=[])
    return Q(author_id=actor.national_id) | Q(depositor_id=actor.national_id)


def _opened_to_profession(actor: Actor) -> Q:
    rights = actor.rights
    nothing = Q(id__in=[])
    if not actor.emergency_allowed and (rights.blocked or not actor.has_consent):
        return nothing
    opened = Q(type_code__in=rights.readable_types)
    sees_hidden = rights.administrator or (actor.emergency_allowed and rights.masked_in_emergency)
    return opened if sees_hidden else opened & Q(hidden_at=None)
