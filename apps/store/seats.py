"""Who may sit on a dossier: members in office without a link to its publisher, and how many of them are enough
(STO-17, STO-18).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.store.models import Candidacy, CommissionMember, ConflictDeclaration, Member, ReviewerTie, Session

SEATS = 9  # STO-17


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The commission in front of one dossier. `linked`: members in office with a link to the publisher; `voters`:
    those who are there and have none. Seats of linked members do not count: of nine, five are enough; of seven, four.
    """

    able: tuple[CommissionMember, ...]
    linked: tuple[CommissionMember, ...]
    voters: tuple[CommissionMember, ...]

    @property
    def needed(self) -> int:
        """[proposal] More than half of the seats that may sit (STO-18)."""
        return (SEATS - len(self.linked)) // 2 + 1

    @property
    def has_quorum(self) -> bool:
        return len(self.voters) >= self.needed

    @property
    def can_have_quorum(self) -> bool:
        """Whether it could be reached if everybody came."""
        return len(self.able) >= self.needed


def in_office(day: date) -> QuerySet[CommissionMember]:
    """Members whose mandate runs and who have declared their interests: without a declaration there is no vote."""
    running = CommissionMember.objects.filter(starts_on__lte=day, ends_on__gte=day)
    return running.filter(interests_declared_on__isnull=False).order_by("seat", "id")


def sitting(session: Session) -> tuple[list[CommissionMember], set[UUID]]:
    """Members in office on the day of a session, and the ids of those who are there: one query."""
    there = Exists(session.presences.filter(member=OuterRef("pk")))
    rows = list(in_office(session.held_on).annotate(is_there=there))
    return [*rows], {row.pk for row in rows if row.is_there}


def benches(
    candidacies: Sequence[Candidacy], *, members: Sequence[CommissionMember], present: Collection[UUID], day: date
) -> dict[UUID, Bench]:
    """The bench of each dossier, by its id: two queries, however many there are. `present`: ids of members."""
    links = linked(candidacies, user_ids=[member.user_id for member in members], day=day)
    return {candidacy.pk: _bench(candidacy.pk, members, present, links) for candidacy in candidacies}


def linked(candidacies: Sequence[Candidacy], *, user_ids: Sequence[UUID], day: date) -> set[tuple[UUID, UUID]]:
    """Pairs of user and dossier with a link, declared about any dossier of its publisher or known: what `visible_to`
    hides from them (S33).
    """
    publishers = {one.publisher_id for one in candidacies}
    declared = ConflictDeclaration.objects.filter(candidacy__publisher__in=publishers, has_link=True)
    said = declared.filter(user__in=user_ids).values_list("user_id", "candidacy__publisher_id")
    acting = Member.objects.filter(publisher__in=publishers, user__in=user_ids, ended_at=None)
    linked_to = set(said.union(acting.values_list("user_id", "publisher_id")))
    pairs = {
        (user_id, one.pk)
        for user_id, publisher_id in linked_to
        for one in candidacies
        if one.publisher_id == publisher_id
    }
    ties = list(ReviewerTie.objects.filter(Q(until=None) | Q(until__gte=day), user__in=user_ids))
    return pairs | {(tie.user_id, one.pk) for tie in ties for one in candidacies if _ties(tie, one)}


def _ties(tie: ReviewerTie, candidacy: Candidacy) -> bool:
    publisher = candidacy.publisher
    return tie.siren in {publisher.siren, publisher.group_siren} or publisher.siren in tie.sirens_of_group


def _bench(
    candidacy_id: UUID,
    members: Sequence[CommissionMember],
    present: Collection[UUID],
    links: Collection[tuple[UUID, UUID]],
) -> Bench:
    able = tuple(member for member in members if (member.user_id, candidacy_id) not in links)
    return Bench(
        able=able,
        linked=tuple(member for member in members if (member.user_id, candidacy_id) in links),
        voters=tuple(member for member in able if member.pk in present),
    )
