"""Random acts of random people on one dossier, right ones among them: what must never be never is (SEC-21, STO-01,
STO-19, STO-83).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.access import AccessDeniedError, Actor
from apps.accounts.models import StaffRole, User
from apps.common.invariants import findings
from apps.store import subjects
from apps.store.jobs import concluding, sweeping
from apps.store.models import (
    Candidacy,
    CandidacyEvent,
    CandidacyStep,
    ConflictDeclaration,
    Decision,
    Judgement,
    Listing,
    Member,
    Session,
    Signature,
)
from apps.store.policies import REVIEW
from apps.store.reasons import ADMISSIBILITY
from apps.store.services import (
    admitting,
    agenda,
    answering_appeals,
    appealing,
    asking,
    assigning,
    confirming,
    countersigning,
    deciding,
    errors,
    leaving,
    publishing,
    replying,
    reporting,
    signing,
    sitting,
    submitting,
    voting,
)
from apps.store.services.cases import NotAssignedError
from apps.store.services.deciding import Reasons
from apps.store.services.noticing import NotConfirmedError
from apps.store.states import DOSSIER, Status
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = pytest.mark.django_db
REFUSALS = (
    errors.ChangedError, errors.ConflictOfInterestError, errors.GuardError, errors.SamePersonError,
    errors.TooSoonError, errors.TransitionRefusedError, errors.UnknownRowError, errors.WrongValueError,
    errors.LockedError, errors.UnfinishedError, errors.NoMandateError, AccessDeniedError, NotAssignedError,
    NotConfirmedError,
)  # fmt: skip
WHY = Reasons(ground="R1111-38", facts="Voir le rapport.", signatory="Claire Aubin", criteria=("CRI-LEG-01",))
ROLES = [
    (StaffRole.DESK,), (StaffRole.DESK,), (StaffRole.ASSESSOR,), (StaffRole.ASSESSOR,), (StaffRole.PRIVACY,),
    (StaffRole.SECRETARIAT,), (StaffRole.DELEGATE,), (StaffRole.DELEGATE,), (StaffRole.APPEALS,),
    tuple(sorted(REVIEW)), tuple(sorted(REVIEW)), tuple(sorted(REVIEW)),
]  # fmt: skip


@dataclass
class Play:
    """One dossier and everybody round it; each act takes an hour. `done` counts what was not refused."""

    owner: Member
    dossier: Candidacy
    staff: list[User]
    seats: list
    at: object = NOON
    done: list[str] = field(default_factory=list)
    refused_by_rows: list[str] = field(default_factory=list)

    def act(self, name: str, who: int) -> None:
        self.at += timedelta(hours=1)
        self.dossier.refresh_from_db()
        try:
            with transaction.atomic():
                ACTS[name](self, self.person(who))
        except REFUSALS:
            return
        except IntegrityError as error:
            self.refused_by_rows.append(str(error))  # a constraint of ours has the last word
            return
        self.done.append(name)

    def person(self, who: int) -> Actor:
        return factories.at_work(self.staff[who % len(self.staff)], at=self.at)

    def publisher(self) -> Actor:
        return factories.as_publisher(self.owner, at=self.at)

    def given(self, who: Actor) -> dict[str, object]:
        """What most acts want; whoever acts has declared no link and takes the dossier if they may."""
        ConflictDeclaration.objects.get_or_create(
            candidacy=self.dossier, user_id=who.user_id, defaults={"has_link": False, "at": self.at}
        )
        try:
            with transaction.atomic():
                assigning.take(actor=who, candidacy_id=self.dossier.pk, seen=self.dossier.sequence, at=self.at)
        except REFUSALS:
            pass
        self.dossier.refresh_from_db()
        return {"actor": who, **self.own()}

    def own(self) -> dict[str, object]:
        return {"candidacy_id": self.dossier.pk, "seen": self.dossier.sequence, "at": self.at}


def finish_checks(play: Play) -> None:
    for step in play.dossier.steps.filter(state="due"):
        step.state, step.outcome, step.finished_at = "done", "pass", play.at
        step.save()


def submit(play: Play, _who: Actor) -> None:
    submitting.submit(actor=play.publisher(), charter=True, **play.own())
    finish_checks(play)
    concluding.conclude(candidacy_id=play.dossier.pk, at=play.at)


def admit(play: Play, who: Actor) -> None:
    given = play.given(who)
    lines = {code: admitting.Line(is_met=True) for code in ADMISSIBILITY}
    admitting.save_list(lines=lines, **given)
    play.dossier.refresh_from_db()
    admitting.accept(**{**given, "seen": play.dossier.sequence})


def ask_missing(play: Play, who: Actor) -> None:
    admitting.ask_missing(items={"mandate": "Mandat illisible."}, text="Merci de compléter.", **play.given(who))


def reply(play: Play, _who: Actor) -> None:
    for item in (
        play.dossier.requests.order_by("-asked_at").first().items.all() if play.dossier.requests.exists() else ()
    ):
        words = replying.Reply(text="Voici.", seen=replying.mark_of(item))
        replying.reply(actor=play.publisher(), item_id=item.pk, given=words, at=play.at)
    replying.send(actor=play.publisher(), **play.own())


def judge(play: Play, who: Actor) -> None:
    play.given(who)
    if play.dossier.status != Status.ASSESSMENT or play.dossier.assessor_id != who.user_id:
        raise errors.WrongValueError("status", play.dossier.status)  # noqa: EM101
    known = set(play.dossier.judgements.values_list("criterion", flat=True))
    Judgement.objects.bulk_create(
        Judgement(
            candidacy=play.dossier, criterion=one.code, version=1, verdict="conforme", by_id=who.user_id, at=play.at
        )
        for one in subjects.criteria_of(play.dossier)
        if one.code not in known
    )


def ask_complements(play: Play, who: Actor) -> None:
    given = play.given(who)
    play.dossier.judgements.filter(criterion="CRI-LEG-01").update(verdict="a_completer")
    ask = asking.Ask(kind="complement", text="Merci.", days=15, items={"CRI-LEG-01": "Précisez."})
    asking.ask_complements(ask=ask, **given)


def decide_again(play: Play, _who: Actor) -> None:
    play.dossier.judgements.filter(criterion="CRI-LEG-01", is_current=True).update(verdict="conforme")


def propose(play: Play, who: Actor) -> None:
    reporting.propose(text="Synthèse.", **play.given(who))


def sign_second(play: Play, who: Actor) -> None:
    reporting.sign_second(**play.given(who))


def sign_privacy(play: Play, who: Actor) -> None:
    reporting.sign_privacy(**play.given(who))


def send_back(play: Play, who: Actor) -> None:
    reporting.send_back(reason="À reprendre.", **play.given(who))


def _session(play: Play, who: Actor) -> Session:
    day = sitting.today(play.at)
    found = Session.objects.filter(held_on=day, state="planned").first()
    return found or sitting.plan_session(actor=who, held_on=day, at=play.at)


def schedule(play: Play, who: Actor) -> None:
    play.given(who)
    session = _session(play, who)
    agenda.put_on_agenda(
        actor=who, session_id=session.pk, candidacy_ids=[play.dossier.pk], seen=session.sequence, at=play.at
    )


def opinion(kind: str) -> Callable[[Play, Actor], None]:
    def give(play: Play, who: Actor) -> None:
        play.given(who)
        item = play.dossier.agenda.filter(opinion="").order_by("-id").first()
        if item is None:
            raise errors.UnknownRowError
        there = [seat.pk for seat in play.seats[:7]]
        sitting.record_presence(
            actor=who, session_id=item.session_id, member_ids=there, seen=item.session.sequence, at=play.at
        )
        item.session.refresh_from_db()
        choice = "contre" if kind == "defavorable" else "pour"
        votes = dict.fromkeys(there, choice)
        voting.record_votes(actor=who, item_id=item.pk, votes=votes, seen=item.session.sequence, at=play.at)
        item.session.refresh_from_db()
        reserved = ()
        if kind == "reserves_suspensives":
            reserved = (
                voting.Reserved(
                    text="À lever.",
                    criterion="",
                    is_suspensive=True,
                    due_on=sitting.today(play.at) + timedelta(days=30),
                ),
            )
        said = voting.Given(opinion=kind, text="Avis.", reservations=reserved)
        voting.record_opinion(actor=who, item_id=item.pk, given=said, seen=item.session.sequence, at=play.at)

    return give


def accept(play: Play, who: Actor) -> None:
    deciding.accept(reasons=WHY, **play.given(who))


def require_lift(play: Play, who: Actor) -> None:
    deciding.require_lift(reasons=WHY, **play.given(who))


def refuse(play: Play, who: Actor) -> None:
    deciding.propose_refusal(reasons=WHY, **play.given(who))


def confirm(play: Play, who: Actor) -> None:
    confirming.confirm_refusal(**play.given(who))


def give_back(play: Play, who: Actor) -> None:
    confirming.return_refusal(reason="Motifs insuffisants.", **play.given(who))


def sign_publisher(play: Play, _who: Actor) -> None:
    agreement = signing.agreement_of(play.dossier)
    shown = agreement.document_hash if agreement else ""
    signing.sign_for_publisher(actor=play.publisher(), document_hash=shown, **play.own())


def sign_state(party: str) -> Callable[[Play, Actor], None]:
    def sign(play: Play, who: Actor) -> None:
        play.given(who)
        agreement = signing.agreement_of(play.dossier)
        shown = (agreement.document_hash if agreement else "", play.dossier.sequence)
        countersigning.sign_for_state(
            actor=who, candidacy_id=play.dossier.pk, party=Signature.Party(party), name="Paul", shown=shown, at=play.at
        )

    return sign


def publish(play: Play, who: Actor) -> None:
    play.dossier.steps.update(finished_at=play.at)
    publishing.publish(**play.given(who))


def withdraw(play: Play, _who: Actor) -> None:
    leaving.withdraw(actor=play.publisher(), **play.own())


def appeal(play: Play, _who: Actor) -> None:
    appealing.appeal(actor=play.publisher(), kind="gracieux", text="Nous contestons.", **play.own())


def answer(outcome: str) -> Callable[[Play, Actor], None]:
    return lambda play, who: answering_appeals.answer(outcome=outcome, reasons="Motifs.", **play.given(who)) and None


def a_month(play: Play, _who: Actor) -> None:
    play.at += timedelta(days=31)
    sweeping.sweep(at=play.at)


ACTS: dict[str, Callable[[Play, Actor], None]] = {
    "submit": submit, "admit": admit, "ask_missing": ask_missing, "reply": reply, "judge": judge,
    "ask_complements": ask_complements, "decide_again": decide_again, "propose": propose, "sign_second": sign_second,
    "sign_privacy": sign_privacy, "send_back": send_back, "schedule": schedule, "favourable": opinion("favorable"),
    "unfavourable": opinion("defavorable"), "suspensive": opinion("reserves_suspensives"), "accept": accept,
    "require_lift": require_lift, "refuse": refuse, "confirm": confirm, "give_back": give_back,
    "sign_publisher": sign_publisher, "sign_cnam": sign_state("cnam"), "sign_minister": sign_state("ministre"),
    "publish": publish, "withdraw": withdraw, "appeal": appeal, "uphold": answer("upheld"),
    "overturn": answer("overturned"), "a_month": a_month,
}  # fmt: skip
# The way of a good dossier, with somebody who may: without it chance would never come to the end.
WAY = [
    ("submit", 0), ("admit", 0), ("judge", 2), ("propose", 2), ("sign_second", 3), ("sign_privacy", 4), ("schedule", 5),
    ("favourable", 5), ("accept", 6), ("sign_publisher", 0), ("sign_cnam", 0), ("sign_minister", 7), ("publish", 0),
]  # fmt: skip


def begin() -> Play:
    owner = factories.member()
    dossier = factories.candidacy(by=owner)
    CandidacyEvent.objects.create(
        candidacy=dossier, sequence=0, event="create", after="brouillon", by="editeur", actor="test", at=NOON
    )
    factories.answered(dossier)
    factories.sheet(dossier)
    factories.evidence(dossier, criteria=sorted(subjects.NEEDS_FILE))
    mandate = factories.evidence(dossier, criteria=[])
    owner.mandate_vault_id, owner.mandate_file_id = mandate.vault_id, mandate.file_id
    owner.mandate_until = date(2030, 1, 1)
    owner.save()
    staff = [factories.reviewer(*roles) for roles in ROLES]
    return Play(owner=owner, dossier=dossier, staff=staff, seats=[factories.seat(number) for number in range(9)])


def nothing_is_wrong(play: Play) -> None:
    assert all("store_" in said for said in play.refused_by_rows)
    dossier = Candidacy.objects.get(pk=play.dossier.pk)
    terms = DOSSIER.stays[Status(dossier.status)].terms
    assert bool(dossier.queue) == bool(dossier.due_at) == bool(terms)
    readers = [dossier.assessor_id, dossier.second_reader_id, dossier.privacy_reader_id]
    known = [reader for reader in readers if reader]
    assert len(known) == len(set(known))
    for decision in Decision.objects.filter(candidacy=dossier, kind__in=("accept", "refuse", "require_lift")):
        assert decision.decided_by_id not in known
        assert decision.confirmed_by_id is None or decision.confirmed_by_id != decision.decided_by_id
        assert decision.kind != "refuse" or decision.notified_at is None or decision.confirmed_at is not None
    if (listing := Listing.objects.filter(candidacy=dossier).first()) is not None:
        assert listing.opinion_at <= listing.decided_at <= listing.signed_at <= listing.published_at
        assert listing.agreement.signatures.values("user").distinct().count() == 3
    assert (dossier.status == Status.PUBLISHED) == (listing is not None)
    broken = [one for one in findings(at=play.at) if one.name.startswith("store.") and one.count]
    assert [one for one in broken if "tried" not in one.name and "forgotten" not in one.name] == []


@pytest.fixture(autouse=True)
def _papers_leave_at_once(settings) -> None:
    settings.STORE_PAPERS_DAYS = 0


def test_the_right_way_comes_to_the_end():
    play = begin()
    for name, who in WAY:
        play.act(name, who)
        nothing_is_wrong(play)
    assert play.done == [name for name, _who in WAY]
    assert CandidacyStep.objects.filter(candidacy=play.dossier).exists()


moves = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, len(ROLES) - 1)), max_size=4)


@settings(max_examples=6)
@given(
    detours=st.lists(moves, min_size=len(WAY), max_size=len(WAY)), strangers=st.lists(st.integers(0, 11), max_size=4)
)
def test_sec_21_whatever_people_try_no_rule_of_the_store_is_broken(detours, strangers):
    with transaction.atomic():
        play = begin()
        for (name, who), detour in zip(WAY, detours, strict=True):
            for other, somebody in detour:
                play.act(other, somebody)
                nothing_is_wrong(play)
            play.act(name, strangers.pop() if strangers else who)
            nothing_is_wrong(play)
        transaction.set_rollback(True)
