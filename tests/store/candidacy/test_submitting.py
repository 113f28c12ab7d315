"""Sending a dossier: whole, by a signatory with a mandate, then locked (STO-10, STO-48, PU-07)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.audit.services import events_of
from apps.files.models import StoredFile
from apps.store.models import Answer, Candidacy, Mail, Sheet
from apps.store.services import mandates, snapshots, submitting
from apps.store.services.errors import ChangedError, GuardError, LockedError, NoMandateError, UnknownRowError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import consent_text, mandated, whole

pytestmark = pytest.mark.django_db


def submit(by, candidacy, *, charter=True, seen=None, at=NOON) -> Candidacy:
    return submitting.submit(
        actor=factories.as_publisher(by), candidacy_id=candidacy.id, charter=charter,
        seen=candidacy.sequence if seen is None else seen, at=at,
    )  # fmt: skip


def missing(by, candidacy, **more) -> tuple[str, ...]:
    with pytest.raises(GuardError) as caught:
        submit(by, candidacy, **more)
    candidacy.refresh_from_db()
    assert candidacy.status == Status.DRAFT
    return caught.value.missing


class TestSending:
    def test_sto_48_state_event_signatory_hash_trace_mail(self, pia):
        draft = whole(pia)
        declared = snapshots.hash_of(draft)
        sent = submit(pia, draft)
        sent.refresh_from_db()
        assert (sent.status, sent.queue, sent.due_at) == (Status.SUBMITTED, "", None)
        assert (sent.submitted_by_id, sent.submitted_at) == (pia.user_id, NOON)
        event = sent.events.get(event="submit")
        assert sent.snapshot_hash == event.snapshot_hash == declared
        assert [(kept.hash, kept.made_at) for kept in sent.snapshots.all()] == [(declared, NOON)]
        assert (event.by, event.actor, event.rule) == ("signataire", str(pia.user_id), "STO-48")
        assert event.facts["charter"] is True
        line = events_of(draft.publisher_id)[0]
        assert (line.action, line.facts["hash"]) == ("store.candidacy.submit", declared)
        assert Mail.objects.get(user=pia.user).template == "dossier_submit"

    def test_sto_48_automatic_checks_begin_at_once(self, pia, queue, django_capture_on_commit_callbacks):
        draft = whole(pia)
        queue()
        with django_capture_on_commit_callbacks(execute=True):
            submit(pia, draft)
        assert draft.steps.filter(cause="submission", state="due").exists()
        assert "store.advance" in str(queue())

    def test_sent_twice_by_the_same_person_it_is_sent_once(self, pia):
        draft = whole(pia)
        submit(pia, draft)
        submit(pia, draft, seen=draft.sequence)
        assert draft.events.filter(event="submit").count() == 1

    def test_s34_by_two_people_the_second_one_is_told(self, pia):
        draft = whole(pia)
        other = mandated(factories.member(publisher=pia.publisher, roles=["signatory"]))
        submit(pia, draft)
        with pytest.raises(LockedError):
            submit(other, draft, seen=draft.sequence)

    def test_s34_from_a_stale_page_nothing_is_sent(self, pia):
        draft = whole(pia)
        with pytest.raises(ChangedError):
            submit(pia, draft, seen=draft.sequence + 1)


class TestWhatIsMissing:
    def test_sto_48_orientation(self, pia):
        draft = whole(pia)
        Candidacy.objects.filter(id=draft.id).update(orientation={**draft.orientation, "ai": ""})
        assert missing(pia, draft) == ("orientation-open",)

    def test_sto_48_one_answer(self, pia):
        draft = whole(pia)
        Answer.objects.filter(candidacy=draft, criterion="CRI-ETH-01").delete()
        assert missing(pia, draft) == ("answers-open",)

    def test_an_answer_in_progress_is_none(self, pia):
        draft = whole(pia)
        Answer.objects.filter(candidacy=draft, criterion="CRI-ETH-01").update(value="en_cours")
        assert missing(pia, draft) == ("answers-open",)

    def test_sto_84_the_public_page(self, pia):
        draft = whole(pia)
        Sheet.objects.filter(candidacy=draft).update(support_email="")
        assert missing(pia, draft) == ("page-incomplete",)

    @pytest.mark.parametrize("state", ["waiting", "infected"])
    def test_s35_a_file_that_is_not_clean(self, pia, state):
        draft = whole(pia)
        factories.evidence(draft, state=StoredFile.State(state))
        assert missing(pia, draft) == ("evidence-not-clean",)

    def test_sto_04_texts_of_an_exchange(self, pia):
        draft = whole(pia, exchange="read")
        draft.consent_texts.all().delete()
        assert missing(pia, draft) == ("consent-texts-missing",)
        consent_text(draft)
        assert submit(pia, draft).status == Status.SUBMITTED

    @pytest.mark.parametrize(("exchange", "other"), [("read", "write"), ("read_write", "write")])
    def test_sto_04_each_direction_has_a_text(self, pia, exchange, other):
        draft = whole(pia, exchange=exchange)
        draft.consent_texts.all().delete()
        consent_text(draft, direction=other)
        assert missing(pia, draft) == ("consent-texts-missing",)
        consent_text(draft)
        assert submit(pia, draft).status == Status.SUBMITTED

    def test_the_declaration(self, pia):
        assert missing(pia, whole(pia), charter=False) == ("charter-missing",)


class TestMandate:
    def test_sto_13_not_without_the_role_of_a_signatory(self, pia, marc):
        draft = whole(pia)
        with pytest.raises(AccessDeniedError):
            submit(marc, draft)

    def test_an_administrator_may_do_all_but_sign(self, pia):
        draft = whole(pia)
        owner = mandated(factories.member(publisher=pia.publisher, roles=["owner"]))
        with pytest.raises(AccessDeniedError):
            submit(owner, draft)

    def test_sto_48_a_mandate_runs_until_its_last_day_in_paris(self, pia):
        pia.mandate_until = date(2026, 11, 25)
        assert mandates.why_not(pia, at=NOON) == ""
        assert mandates.why_not(pia, at=NOON + timedelta(hours=11)) == "mandate-over"

    @pytest.mark.parametrize("state", ["waiting", "infected"])
    def test_its_file_is_clean(self, pia, state):
        draft = whole(pia)
        StoredFile.objects.filter(id=pia.mandate_file_id).update(
            state=state, scanned_at=None if state == "waiting" else NOON
        )
        with pytest.raises(NoMandateError) as caught:
            submit(pia, draft)
        assert caught.value.reason == "mandate-not-clean"

    def test_there_is_one(self, pia):
        pia.mandate_vault_id = pia.mandate_file_id = pia.mandate_until = None
        assert mandates.why_not(pia, at=NOON) == "no-mandate"

    def test_a_technical_contact_has_none(self, marc):
        assert mandates.why_not(marc, at=NOON) == "not-signatory"


def test_sto_13_that_of_another_publisher_does_not_exist(pia):
    with pytest.raises(UnknownRowError):
        submit(pia, factories.candidacy())
