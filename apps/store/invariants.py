"""What holds of the store at every moment (STO-01, STO-19, STO-83, REL-02)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from apps.common.invariants import register
from apps.store.models import (
    Candidacy,
    CandidacyEvent,
    CandidacyStep,
    Decision,
    Judgement,
    Listing,
    ListingEvent,
    Mail,
    Member,
    Publisher,
    Request,
    Signature,
)
from apps.store.states import Status

LOOKED_AT = timedelta(hours=2)  # the sweep runs every hour
TRIED = timedelta(hours=2)
_WITH_RECORDS = (Status.AGREEMENT, Status.CONNECTION, Status.READY_TO_PUBLISH, Status.PUBLISHED)


@register("store.dossiers_whose_history_ends_elsewhere")
def dossiers_whose_history_ends_elsewhere(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Dossiers whose state, turn or number is not that of their last event."""
    last = CandidacyEvent.objects.filter(
        candidacy=OuterRef("pk"), sequence=OuterRef("sequence"), after=OuterRef("status"), queue=OuterRef("queue")
    )
    more = CandidacyEvent.objects.filter(candidacy=OuterRef("pk"), sequence__gt=OuterRef("sequence"))
    return Candidacy.objects.filter(~Exists(last) | Exists(more)).count()


@register("store.listings_whose_history_ends_elsewhere")
def listings_whose_history_ends_elsewhere(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """The same for referenced services."""
    last = ListingEvent.objects.filter(
        listing=OuterRef("pk"), sequence=OuterRef("sequence"), after=OuterRef("status"), queue=OuterRef("queue")
    )
    return Listing.objects.filter(~Exists(last)).count()


@register("store.publishers_without_an_administrator")
def publishers_without_an_administrator(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Organisations with members of whom none may let anybody in (PU-02)."""
    running = Member.objects.filter(publisher=OuterRef("pk"), ended_at=None)
    return Publisher.objects.filter(Exists(running), ~Exists(running.filter(roles__contains=["owner"]))).count()


@register("store.listings_without_three_signatures")
def listings_without_three_signatures(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """STO-01: published although the agreement is not signed by three over its hash."""
    signed = (
        Signature.objects.filter(agreement=OuterRef("agreement"), document_hash=F("agreement__document_hash"))
        .order_by()
        .values("agreement")
        .annotate(number=Count("party", distinct=True))
        .filter(number=3)
    )
    return Listing.objects.filter(~Exists(signed)).count()


@register("store.dossiers_agreed_without_a_decision")
def dossiers_agreed_without_a_decision(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """STO-61: an agreement is being signed although nobody has decided."""
    decided = Decision.objects.filter(candidacy=OuterRef("pk"), kind=Decision.Kind.ACCEPT)
    return Candidacy.objects.filter(~Exists(decided), status__in=_WITH_RECORDS).count()


@register("store.decisions_by_their_own_readers")
def decisions_by_their_own_readers(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """STO-19: decided or confirmed by whoever assessed, gave a verdict, read second or checked the data."""
    who = Q(pk__in=[])
    for part in ("assessor", "second_reader", "privacy_reader"):
        who |= Q(decided_by=F(f"candidacy__{part}")) | Q(confirmed_by=F(f"candidacy__{part}"))
    judges = Judgement.objects.filter(candidacy=OuterRef("candidacy"), at__lte=OuterRef("decided_at"))
    who |= Q(Exists(judges.filter(Q(by=OuterRef("decided_by")) | Q(by=OuterRef("confirmed_by")))))
    kinds = (Decision.Kind.ACCEPT, Decision.Kind.REFUSE, Decision.Kind.REQUIRE_LIFT)
    return Decision.objects.filter(who, kind__in=kinds).count()


@register("store.turns_of_publishers_without_a_request")
def turns_of_publishers_without_a_request(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """STO-51, STO-55: a publisher is waited for and nothing says for what."""
    open_one = Request.objects.filter(candidacy=OuterRef("pk"), answered_at=None, timed_out_at=None)
    return Candidacy.objects.filter(~Exists(open_one), status__in=(Status.INCOMPLETE, Status.COMPLEMENT)).count()


@register("store.dossiers_the_sweep_has_forgotten")
def dossiers_the_sweep_has_forgotten(*, at: datetime) -> int:
    """Terms or reminders that were due two hours ago although the sweep runs every hour (STO-81)."""
    return Candidacy.objects.filter(wakes_at__lt=at - LOOKED_AT).count()


@register("store.listings_the_sweep_has_forgotten")
def listings_the_sweep_has_forgotten(*, at: datetime) -> int:
    """The same for referenced services."""
    return Listing.objects.filter(wakes_at__lt=at - LOOKED_AT).count()


@register("store.checks_not_tried_for_two_hours")
def checks_not_tried_for_two_hours(*, at: datetime) -> int:
    """Checks that nobody runs although they are due; parked ones are told apart (S36)."""
    late = Q(state=CandidacyStep.State.DUE, due_at__lt=at - TRIED)
    late |= Q(state=CandidacyStep.State.RUNNING, leased_until__lt=at - TRIED)
    return CandidacyStep.objects.filter(late).count()


@register("store.checks_parked")
def checks_parked(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Checks that ended five workers: a person has to look at them (REL-07, L22)."""
    return CandidacyStep.objects.filter(state=CandidacyStep.State.PARKED).count()


@register("store.mails_not_tried_for_two_hours")
def mails_not_tried_for_two_hours(*, at: datetime) -> int:
    """Mails of the outbox that nobody sends although they are due."""
    free = Q(leased_until=None) | Q(leased_until__lt=at - TRIED)
    return Mail.objects.filter(free, state=Mail.State.DUE, due_at__lt=at - TRIED).count()
