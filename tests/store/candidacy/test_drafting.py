"""Beginning a dossier and saying what applies to it (STO-07, STO-21, STO-22, STO-28, STO-47, S32)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError
from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.store import orientation, subjects
from apps.store.models import Candidacy, CandidacyEvent, Mail, Service
from apps.store.services import drafting
from apps.store.services.drafting import Profile
from apps.store.services.errors import ChangedError, LockedError, UnfinishedError, UnknownRowError, WrongValueError
from apps.store.states import ListingStatus, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import confirmed, later

pytestmark = pytest.mark.django_db
PROFILE = Profile(service_kind="suivi", exchange="none", lane="ordinaire")


def begin(by, name="Carnet Souffle", *, profile=PROFILE, candidacy_id=None, at=NOON) -> Candidacy:
    return drafting.begin(
        actor=factories.as_publisher(by), candidacy_id=candidacy_id or uuid7(), name=name, profile=profile, at=at
    )


class TestBegin:
    def test_sto_47_a_draft_with_its_number_its_event_and_its_trace(self, pia):
        made = begin(pia)
        made.refresh_from_db()
        assert made.number == "2026-0001"
        assert made.status == Status.DRAFT
        assert made.referential == "2026-1"
        assert (made.queue, made.due_at) == ("", None)
        assert made.created_by_id == pia.user_id
        event = CandidacyEvent.objects.get(candidacy=made)
        assert (event.event, event.before, event.after, event.by, event.rule) == (
            "create", "", "brouillon", "editeur", "STO-47",
        )  # fmt: skip
        assert (event.sequence, made.sequence) == (1, 1)
        [line] = events_of(pia.publisher_id)
        assert (line.action, line.target) == ("store.candidacy.create", f"candidacy:{made.id}")
        assert Mail.objects.count() == 0

    def test_sto_47_it_is_looked_at_again_after_twelve_idle_months(self, pia):
        assert begin(pia).wakes_at.date().isoformat() == "2027-11-25"

    def test_sent_twice_it_is_one(self, pia):
        wanted = uuid7()
        assert begin(pia, candidacy_id=wanted).id == begin(pia, candidacy_id=wanted).id == wanted
        assert Candidacy.objects.count() == 1

    def test_the_id_of_a_dossier_of_another_publisher_makes_none(self, pia):
        theirs = factories.candidacy()
        with pytest.raises(UnknownRowError):
            begin(pia, candidacy_id=theirs.id)
        assert Candidacy.objects.count() == 1

    def test_numbers_follow_one_another(self, pia):
        assert [begin(pia, name).number for name in ("A", "B", "C")] == ["2026-0001", "2026-0002", "2026-0003"]

    def test_s32_a_second_one_for_the_same_service_leads_to_the_first(self, pia, marc):
        first = begin(pia)
        with pytest.raises(UnfinishedError) as caught:
            begin(marc, "CARNET SOUFFLÉ")
        assert caught.value.candidacy_id == first.id
        assert (Candidacy.objects.count(), Service.objects.count()) == (1, 1)

    def test_s32_another_publisher_learns_nothing_and_may_use_the_name(self, pia):
        begin(pia)
        other = begin(confirmed(factories.member()))
        assert other.service.publisher_id != pia.publisher_id

    def test_after_the_end_the_same_service_gets_a_new_one(self, pia):
        first = begin(pia)
        Candidacy.objects.filter(id=first.id).update(status=Status.ABANDONED)
        second = begin(pia)
        assert (second.service_id, second.kind) == (first.service_id, "initiale")

    def test_sto_22_a_service_that_is_referenced_gets_an_amendment(self, pia):
        listed = factories.listing(by=pia)
        assert begin(pia, listed.service.name).kind == "avenant"

    @pytest.mark.parametrize("status", [ListingStatus.LEAVING, ListingStatus.WITHDRAWN, ListingStatus.EXPIRED])
    def test_sto_22_none_that_nobody_could_publish(self, pia, status):
        gone = {"effect_on": NOON.date()} if status is ListingStatus.LEAVING else {"ended_at": NOON}
        listed = factories.listing(status, by=pia, **gone)
        with pytest.raises(WrongValueError) as caught:
            begin(pia, listed.service.name)
        assert (caught.value.field, caught.value.reason) == ("listing", "over")
        assert begin(pia, "Carnet Souffle 2").kind == "initiale"

    @pytest.mark.parametrize("exchange", ["read", "write", "read_write"])
    def test_sto_07_wellness_never_exchanges(self, pia, exchange):
        with pytest.raises(WrongValueError) as caught:
            begin(pia, profile=Profile(service_kind="bien_etre", exchange=exchange, lane="ordinaire"))
        assert (caught.value.field, Candidacy.objects.count()) == ("exchange", 0)

    def test_sto_47_not_before_somebody_has_confirmed_the_address(self):
        waiting = confirmed(factories.member(), at=None)
        with pytest.raises(WrongValueError) as caught:
            begin(waiting)
        assert (caught.value.field, Service.objects.count()) == ("publisher", 0)

    def test_sto_47_an_address_that_was_changed_has_to_be_confirmed_anew(self, pia):
        pia.publisher.contact_email = "autre@editeur.example"
        pia.publisher.save()
        with pytest.raises(WrongValueError):
            begin(pia)

    def test_sto_13_only_a_running_member(self, pia, marc):
        marc.ended_at, marc.ended_by = NOON, pia.user
        marc.save()
        with pytest.raises(AccessDeniedError):
            begin(marc)


class TestOrientation:
    def save(self, by, candidacy, answers, *, profile=PROFILE, seen=None, at=NOON):
        return drafting.save_orientation(
            actor=factories.as_publisher(by), candidacy_id=candidacy.id, answers=answers, profile=profile,
            seen=drafting.mark_of(candidacy) if seen is None else seen, at=at,
        )  # fmt: skip

    def test_sto_28_answers_decide_what_applies(self, pia):
        made = begin(pia)
        before = {criterion.code for criterion in subjects.criteria_of(made)}
        saved = self.save(pia, made, {"web": "yes", "mobile": "no"}, at=later(2))
        after = {criterion.code for criterion in subjects.criteria_of(saved)}
        assert after - before == {"CRI-SEC-02", "CRI-SEC-03", "CRI-ACC-01"}
        saved.refresh_from_db()
        assert saved.orientation == {"web": "yes", "mobile": "no"}
        assert (saved.oriented_by_id, saved.oriented_at, saved.touched_at) == (pia.user_id, later(2), later(2))
        line = events_of(pia.publisher_id)[0]
        assert (line.action, line.facts["section"], line.facts["answered"]) == (
            "store.candidacy.save", "orientation", 2,
        )  # fmt: skip

    def test_sto_28_answers_to_what_stops_to_apply_are_kept(self, pia):
        made = factories.candidacy(by=pia)
        factories.answered(made)
        before = made.answers.count()
        self.save(pia, made, {**made.orientation, "web": "no"})
        assert made.answers.count() == before
        assert made.answers.filter(criterion="CRI-SEC-02").exists()

    def test_unknown_answers_and_questions_are_left_out(self, pia):
        saved = self.save(pia, begin(pia), {"web": "maybe", "mobile": "yes", "status": "yes"})
        assert saved.orientation == {"mobile": "yes"}

    def test_an_exchange_lets_its_criteria_apply(self, pia):
        made = begin(pia)
        saved = self.save(pia, made, {}, profile=Profile(service_kind="suivi", exchange="write", lane="ordinaire"))
        assert "CRI-INT-03" in {criterion.code for criterion in subjects.criteria_of(saved)}

    def test_s34_two_members_at_once_nothing_is_overwritten(self, pia, marc):
        made = begin(pia)
        seen = drafting.mark_of(made)
        self.save(marc, made, {"web": "yes"}, seen=seen, at=later(1))
        with pytest.raises(ChangedError) as caught:
            self.save(pia, made, {"web": "no"}, seen=seen, at=later(2))
        assert (caught.value.actor, caught.value.at) == (str(marc.user_id), later(1))
        made.refresh_from_db()
        assert made.orientation == {"web": "yes"}

    def test_s34_the_same_words_by_two_people_are_no_quarrel(self, pia, marc):
        made = begin(pia)
        seen = drafting.mark_of(made)
        self.save(marc, made, {"web": "yes"}, seen=seen)
        self.save(pia, made, {"web": "yes"}, seen=seen)
        made.refresh_from_db()
        assert made.oriented_by_id == marc.user_id

    def test_sto_07_wellness_never_exchanges(self, pia):
        made = begin(pia)
        with pytest.raises(WrongValueError):
            self.save(pia, made, {}, profile=Profile(service_kind="bien_etre", exchange="read", lane="ordinaire"))

    @pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
    def test_pu_07_once_sent_nothing_is_saved(self, pia, status):
        made = factories.candidacy(status, by=pia)
        with pytest.raises(LockedError):
            self.save(pia, made, {"web": "no"})

    def test_that_of_another_publisher_does_not_exist(self, pia):
        with pytest.raises(UnknownRowError):
            self.save(pia, factories.candidacy(), {})

    def test_sto_47_each_saving_puts_the_purge_off(self, pia):
        made = begin(pia)
        saved = self.save(pia, made, {"web": "yes"}, at=NOON + timedelta(days=40))
        assert saved.wakes_at.date().isoformat() == "2028-01-04"

    def test_the_mark_changes_with_every_answer(self, pia):
        made, marks = factories.candidacy(by=pia, orientation={}), set()
        for name in orientation.NAMES:
            made.orientation = {**made.orientation, name: "yes"}
            marks.add(drafting.mark_of(made))
        assert len(marks) == len(orientation.NAMES)
