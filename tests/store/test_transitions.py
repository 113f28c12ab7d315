"""Steps of a dossier through the one module that makes them: allowed, refused, guarded, traced (STO-47 to STO-83)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.store import transitions
from apps.store.models import CandidacyEvent, ClockInterval, Listing, Mail
from apps.store.states import DOSSIER, LISTING, Event, ListingStatus, Party, Queue, Status
from apps.store.transitions import GuardError, Step, TransitionRefusedError
from apps.store.transitions import dossier as engine
from apps.store.transitions import listing as listing_engine
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = pytest.mark.django_db
ROWS = [(move, party) for move in DOSSIER.moves if move.source for party in sorted(move.by)]
LISTING_ROWS = [(move, party) for move in LISTING.moves if move.source for party in sorted(move.by)]


def name_of(row) -> str:
    move, party = row
    return f"{move.rule}-{move.source}-{move.event}-{party}-{move.target}"


def step(event: Event, by: Party, **values) -> Step:
    return Step(event=event, by=by, actor="test", at=NOON, **values)


@pytest.fixture
def unguarded(monkeypatch):
    """The bare tables: guards have their own tests below, row by row in those of the services."""
    monkeypatch.setattr(engine, "unmet", lambda *_: ())
    monkeypatch.setattr(listing_engine, "unmet", lambda *_: ())


@pytest.mark.usefixtures("unguarded")
class TestTable:
    @pytest.mark.parametrize("row", ROWS, ids=map(name_of, ROWS))
    def test_every_row_moves_and_leaves_its_trace(self, row):
        move, party = row
        dossier = factories.candidacy(move.source)
        after = move.target or Status.REFUSED  # what an appeal of the factory is about

        sent = {"submitted_by": dossier.created_by, "submitted_at": NOON} if move.event is Event.SUBMIT else {}

        event = transitions.fire(dossier, step(move.event, party, target=move.target), **sent)

        dossier.refresh_from_db()
        assert (dossier.status, dossier.sequence) == (after, 1)
        assert (event.rule, event.before, event.after, event.by) == (move.rule, move.source, after, party)
        assert bool(dossier.queue) == bool(DOSSIER.stays[after].terms) == bool(dossier.due_at)
        if dossier.queue:
            assert dossier.queue == DOSSIER.stays[after].first
            assert dossier.due_at > NOON

    @pytest.mark.parametrize("status", Status)
    def test_what_stands_in_no_row_is_refused(self, status):
        dossier = factories.candidacy(status)
        allowed = {(move.event, party) for move, party in ROWS if move.source is status}
        for event in Event:
            for party in Party:
                if (event, party) not in allowed:
                    with pytest.raises(TransitionRefusedError):
                        transitions.fire(dossier, step(event, party))
        assert CandidacyEvent.objects.count() == 0
        dossier.refresh_from_db()
        assert (dossier.status, dossier.sequence) == (status, 0)

    @pytest.mark.parametrize("row", LISTING_ROWS, ids=map(name_of, LISTING_ROWS))
    def test_every_row_of_a_listing_moves(self, row):
        move, party = row
        listing = factories.listing(move.source, **waiting(move.source))

        leaving = {"effect_on": NOON.date()} if move.target is ListingStatus.LEAVING else {}

        event = transitions.fire_listing(listing, step(move.event, party, target=move.target), **leaving)

        listing.refresh_from_db()
        assert (listing.status, event.rule) == (move.target, move.rule)

    @pytest.mark.parametrize("status", ListingStatus)
    def test_what_stands_in_no_row_of_a_listing_is_refused(self, status):
        listing = factories.listing(status, **waiting(status))
        allowed = {(move.event, party) for move, party in LISTING_ROWS if move.source is status}
        for event in Event:
            for party in Party:
                if (event, party) not in allowed:
                    with pytest.raises(TransitionRefusedError):
                        transitions.fire_listing(listing, step(event, party))
        assert listing.events.count() == 0


def waiting(status: ListingStatus) -> dict[str, object]:
    """Columns that the constraints want of a listing in this state."""
    first = LISTING.stays[status].first
    values: dict[str, object] = {}
    if first is not None and status is not ListingStatus.PUBLISHED:
        values = {"queue": first, "due_at": NOON + timedelta(days=9), "waits_since": NOON}
    if status is ListingStatus.LEAVING:
        values["effect_on"] = NOON.date()
    if status is ListingStatus.WITHDRAWN:
        values["ended_at"] = NOON
    return values


class TestQueue:
    def test_sto_83_the_turn_goes_on_within_a_state(self):
        dossier = factories.candidacy(Status.ASSESSMENT, assessor=factories.reviewer())
        one = step(Event.HAND_OVER, Party.ASSESSOR, queue=Queue.SECOND_READER, reasons=("second-reading",))
        event = transitions.hand_over(dossier, one)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue, dossier.reasons) == (
            Status.ASSESSMENT, Queue.SECOND_READER, ["second-reading"],
        )  # fmt: skip
        assert (event.before, event.after, event.queue) == ("instruction", "instruction", "second_lecteur")

    def test_a_state_knows_its_turns_and_no_other(self):
        dossier = factories.candidacy(Status.ADMISSIBILITY)
        with pytest.raises(TransitionRefusedError):
            transitions.hand_over(dossier, step(Event.HAND_OVER, Party.DESK, queue=Queue.DELEGATE))

    @pytest.mark.parametrize(
        "columns",
        [
            {"queue": "guichet", "due_at": None},  # somebody waits without a due date
            {"queue": "", "waits_since": None},  # a due date without anybody
            {"queue": "delegue"},  # not somebody of this state
        ],
    )
    def test_the_table_itself_refuses_a_queue_without_a_date_and_a_date_without_a_queue(self, columns):
        dossier = factories.candidacy(Status.ADMISSIBILITY)
        for name, value in columns.items():
            setattr(dossier, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            dossier.save()

    def test_a_running_service_may_wait_for_nobody(self):
        listing = factories.listing()
        assert (listing.queue, listing.due_at) == ("", None)
        by_desk = step(Event.HAND_OVER, Party.SYSTEM, queue=Queue.DESK, reasons=("check-failed",))
        transitions.hand_over_listing(listing, by_desk)
        assert listing.queue == Queue.DESK
        transitions.hand_over_listing(listing, step(Event.HAND_OVER, Party.DESK))
        assert (listing.queue, listing.due_at) == ("", None)


class TestClock:
    def test_sto_55_the_clock_stands_while_the_publisher_answers(self, unguarded):
        dossier = factories.candidacy(Status.ADMISSIBILITY)
        at = NOON
        for event, party, days in (
            (Event.ACCEPT, Party.DESK, 0), (Event.ASK, Party.ASSESSOR, 10), (Event.ANSWER, Party.PUBLISHER, 30),
        ):  # fmt: skip
            at += timedelta(days=days)
            transitions.fire(dossier, Step(event=event, by=party, actor="test", at=at))
        intervals = list(ClockInterval.objects.order_by("started_at").values_list("started_at", "stopped_at"))
        assert intervals == [(NOON, NOON + timedelta(days=10)), (NOON + timedelta(days=40), None)]
        left = dossier.due_at.date() - at.date()
        assert left.days == 50  # sixty, of which ten have run


class TestGuards:
    def test_sto_48_an_empty_draft_cannot_be_sent(self):
        dossier = factories.candidacy(orientation={})
        with pytest.raises(GuardError) as refused:
            transitions.fire(dossier, step(Event.SUBMIT, Party.SIGNATORY))
        assert refused.value.missing == ("orientation-open", "answers-open", "page-incomplete", "charter-missing")
        dossier.refresh_from_db()
        assert (dossier.status, dossier.sequence) == (Status.DRAFT, 0)

    def test_s35_a_dossier_with_an_infected_piece_does_not_advance(self):
        dossier = factories.candidacy()
        factories.evidence(dossier, state="infected")
        with pytest.raises(GuardError) as refused:
            transitions.fire(dossier, step(Event.SUBMIT, Party.SIGNATORY))
        assert "evidence-not-clean" in refused.value.missing

    def test_a_whole_draft_can(self):
        dossier = factories.candidacy()
        factories.answered(dossier)
        factories.sheet(dossier)
        codes = ["CRI-SEC-08", "CRI-DUR-01", "CRI-FIC-02"]
        factories.evidence(dossier, criteria=codes)
        ready = step(Event.SUBMIT, Party.SIGNATORY, facts={"charter": True})
        signed = {"submitted_by": dossier.created_by, "submitted_at": NOON}
        transitions.fire(dossier, ready, **signed)
        assert dossier.status == Status.SUBMITTED

    def test_sto_53_a_term_is_over_after_its_last_second(self):
        dossier = factories.candidacy(Status.INCOMPLETE)
        end = dossier.due_at
        for at, is_over in ((end, False), (end + timedelta(seconds=1), True)):
            late = Step(event=Event.TIMEOUT, by=Party.SYSTEM, actor="test", at=at)
            if is_over:
                transitions.fire(dossier, late)
            else:
                with pytest.raises(GuardError):
                    transitions.fire(dossier, late)
        assert dossier.status == Status.LAPSED

    def test_sto_63_a_late_assessor_lets_no_dossier_lapse(self):
        dossier = factories.candidacy(Status.RESERVATIONS, queue=Queue.ASSESSOR)
        late = Step(event=Event.TIMEOUT, by=Party.SYSTEM, actor="test", at=NOON + timedelta(days=400))
        with pytest.raises(GuardError):
            transitions.fire(dossier, late)

    def test_sto_60_no_refusal_without_a_second_person(self):
        dossier = factories.candidacy(Status.OPINION)
        with pytest.raises(GuardError) as refused:
            transitions.fire(dossier, step(Event.DECIDE_REFUSE, Party.DELEGATE))
        assert refused.value.missing == ("confirmation-missing",)


class TestHistory:
    def test_it_only_grows(self, unguarded):
        dossier = factories.candidacy(Status.ADMISSIBILITY)
        event = transitions.fire(dossier, step(Event.ACCEPT, Party.DESK))
        for act in (lambda: CandidacyEvent.objects.filter(pk=event.pk).update(reason="x"), event.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def test_sto_81_the_number_of_an_event_is_its_own(self, unguarded):
        dossier = factories.candidacy(Status.ADMISSIBILITY)
        transitions.fire(dossier, step(Event.ACCEPT, Party.DESK))
        dossier.sequence = 0
        with pytest.raises(IntegrityError), transaction.atomic():
            transitions.fire(dossier, step(Event.ASK, Party.ASSESSOR))

    def test_rel_01_publisher_is_told_once_of_each_event(self, unguarded):
        dossier = factories.candidacy(Status.ADMISSIBILITY)
        transitions.fire(dossier, step(Event.ACCEPT, Party.DESK))
        mail = Mail.objects.get()
        assert (mail.template, mail.key) == ("dossier_accept", f"dossier:{dossier.id}:1")
        assert mail.facts["number"] == dossier.number
        assert mail.user_id == dossier.created_by_id


class TestGate:
    """STO-01: the table of listings refuses what has not its three dated records."""

    def test_with_all_three_it_is_kept(self):
        assert factories.listing().status == ListingStatus.PUBLISHED

    @pytest.mark.parametrize(
        "break_it",
        [
            lambda one: one.update(opinion_at=NOON),
            lambda one: one.update(decided_at=NOON),
            lambda one: one.update(signed_at=NOON),
            lambda one: one.update(published_at=NOON - timedelta(days=31)),
        ],
    )
    def test_dates_are_those_of_the_records(self, break_it):
        factories.listing()
        with pytest.raises(IntegrityError), transaction.atomic():
            break_it(Listing.objects.all())

    def test_records_of_another_dossier_open_nothing(self):
        other = factories.candidacy(Status.PUBLISHED)
        opinion, decision, agreement = factories.three_records(other)
        one = factories.candidacy(Status.PUBLISHED)
        with pytest.raises(IntegrityError, match="store_listing_gate"), transaction.atomic():
            Listing.objects.create(
                service=one.service, publisher=one.publisher, candidacy=one, opinion=opinion, decision=decision,
                agreement=agreement, opinion_at=opinion.opinion_at, decided_at=decision.decided_at,
                signed_at=agreement.signed_at, status_at=NOON, published_at=NOON, controlled_on=NOON.date(),
                check_weekday=0, declared_on=NOON.date(), agreement_ends_on=agreement.ends_on,
            )  # fmt: skip
