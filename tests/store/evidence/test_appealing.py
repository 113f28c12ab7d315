"""Appeals of publishers: one against a decision, within two months (STO-45, STO-68, L7)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store.models import Appeal, Candidacy, CandidacyEvent, Decision, Member
from apps.store.services import appealing
from apps.store.services.errors import ChangedError, UnfinishedError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


def decided(dossier: Candidacy, kind: str = "refuse", **values) -> Decision:
    """A confirmed decision, notified three days ago."""
    then = NOON - 3 * DAY
    defaults = {
        "kind": kind, "ground": "R1111-38", "facts": "Critères non remplis.", "decided_at": then - DAY,
        "decided_by": factories.reviewer(StaffRole.DELEGATE), "confirmed_by": factories.reviewer(StaffRole.DELEGATE),
        "confirmed_at": then, "notified_at": then,
    }  # fmt: skip
    return Decision.objects.create(candidacy=dossier, **{**defaults, **values})


def appeal(actor, dossier: Candidacy, **values) -> Appeal:
    given = {"kind": "gracieux", "text": "Nos preuves étaient jointes.", "seen": dossier.sequence, "at": NOON}
    return appealing.appeal(actor=actor, candidacy_id=dossier.id, **{**given, **values})


class TestFiling:
    @pytest.mark.parametrize(("status", "kind"), [(Status.REFUSED, "refuse"), (Status.INADMISSIBLE, "inadmissible")])
    def test_sto_68_an_appeal_waits_for_others_for_two_months(self, actor, pia, status, kind):
        dossier = factories.candidacy(status, by=pia)
        decision = decided(dossier, kind)
        made = appeal(actor, dossier)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.appealed_from, dossier.queue) == (Status.APPEAL, status, Queue.APPEALS)
        assert (made.decision_id, made.filed_by_id, made.filed_at) == (decision.id, pia.user_id, NOON)
        assert (made.decided_by_id, made.confirmed_by_id) == (decision.decided_by_id, decision.confirmed_by_id)
        assert made.due_at == dossier.due_at == datetime(2027, 1, 25, 23, 59, 59, tzinfo=PARIS)
        assert dossier.events.get().facts == {"kind": "gracieux"}

    def test_a_lapse_has_no_decision_and_may_be_appealed(self, actor, pia):
        dossier = factories.candidacy(Status.LAPSED, by=pia)
        made = appeal(actor, dossier, kind="hierarchique")
        assert (made.decision, made.decided_by, made.kind) == (None, None, "hierarchique")

    @pytest.mark.parametrize(
        ("at", "is_in_time"),
        [
            (datetime(2027, 1, 22, 23, 59, 59, tzinfo=PARIS), True),
            (datetime(2027, 1, 23, 0, 0, 0, tzinfo=PARIS), False),
        ],
    )
    def test_sto_45_two_months_from_the_notification_until_the_last_second(self, actor, pia, at, is_in_time):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)  # notified on 22 November
        if is_in_time:
            assert appeal(actor, dossier, at=at)
            return
        with pytest.raises(WrongValueError) as refused:
            appeal(actor, dossier, at=at)
        assert (refused.value.field, refused.value.reason) == ("remedy", "late")
        assert not Appeal.objects.exists()

    def test_there_is_one_appeal_against_a_decision(self, actor, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decision = decided(dossier)
        Appeal.objects.create(
            candidacy=dossier, decision=decision, kind="gracieux", text="Avant.", filed_by=pia.user,
            filed_at=NOON - 2 * DAY, due_at=NOON, outcome="silence", closed_at=NOON - DAY,
        )  # fmt: skip
        with pytest.raises(WrongValueError) as refused:
            appeal(actor, dossier, kind="hierarchique")
        assert refused.value.reason == "used"

    def test_sto_68_not_while_another_dossier_of_the_service_is_open(self, actor, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        copied = factories.candidacy(by=pia, service=dossier.service)
        with pytest.raises(UnfinishedError) as refused:
            appeal(actor, dossier)
        assert refused.value.candidacy_id == copied.id
        Candidacy.objects.filter(pk=copied.pk).update(status=Status.ABANDONED)
        assert appeal(actor, dossier).candidacy_id == dossier.id

    def test_a_decision_that_was_not_notified_is_none(self, actor, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier, notified_at=None)
        with pytest.raises(WrongValueError) as refused:
            appeal(actor, dossier)
        assert refused.value.reason == "none"

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.ASSESSMENT, Status.PUBLISHED, Status.ABANDONED])
    def test_other_states_have_nothing_to_appeal_against(self, actor, pia, status):
        dossier = factories.candidacy(status, by=pia)
        assert appealing.remedy_of(dossier) is None
        with pytest.raises(WrongValueError):
            appeal(actor, dossier)

    @pytest.mark.parametrize("values", [{"kind": "divin"}, {"text": "  "}, {"text": "x" * 10_001}])
    def test_an_appeal_has_a_kind_and_reasons(self, actor, pia, values):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        with pytest.raises(WrongValueError):
            appeal(actor, dossier, **values)

    def test_s34_two_members_at_once_file_one(self, actor, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        other = factories.as_publisher(factories.member(publisher=pia.publisher, roles=["owner"]))
        appeal(actor, dossier)
        with pytest.raises(ChangedError) as told:
            appeal(other, dossier)
        assert (told.value.event, told.value.actor) == ("appeal", str(pia.user_id))
        assert Appeal.objects.count() == 1

    def test_by_an_administrator_or_a_signatory_alone(self, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        for roles in (["technical"], ["dpo"]):
            marc = factories.as_publisher(factories.member(publisher=pia.publisher, roles=roles))
            with pytest.raises(AccessDeniedError):
                appeal(marc, dossier)
        with pytest.raises(UnknownRowError):
            appeal(factories.as_publisher(factories.member()), dossier)


class TestRemedy:
    def test_the_latest_notified_decision_counts(self, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier, notified_at=NOON - 90 * DAY, confirmed_at=NOON - 90 * DAY, decided_at=NOON - 91 * DAY)
        second = decided(dossier)
        remedy = appealing.remedy_of(dossier)
        assert remedy.decision.id == second.id
        assert remedy.is_open(NOON)

    def test_a_lapse_counts_from_the_day_of_the_lapse_not_from_the_end_of_an_appeal(self, pia):
        dossier = factories.candidacy(Status.LAPSED, by=pia, status_at=NOON)
        for sequence, (before, at) in enumerate([("incomplet", NOON - 50 * DAY), ("recours", NOON)], start=1):
            CandidacyEvent.objects.create(
                candidacy=dossier, sequence=sequence, event="timeout", before=before, after="caduc", by="systeme",
                actor="store.sweep", at=at,
            )  # fmt: skip
        Appeal.objects.create(
            candidacy=dossier, kind="gracieux", text="Avant.", filed_by=pia.user, filed_at=NOON - 49 * DAY,
            due_at=NOON, outcome="silence", closed_at=NOON,
        )  # fmt: skip
        remedy = appealing.remedy_of(dossier)
        assert remedy.until.date() == datetime(2026, 12, 6, tzinfo=PARIS).date()
        assert remedy.is_used
        assert not remedy.is_open(NOON)
