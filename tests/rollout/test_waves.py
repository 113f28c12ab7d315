"""Waves as people decide about them (RO-04, ROL-12, SEC-21): two people, no change after the first notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import SYSTEM, AccessDeniedError, Actor, Role
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.rollout.jobs import filling
from apps.rollout.models import Wave, WaveEvent
from apps.rollout.services import waves
from apps.rollout.services.errors import (
    NobodyMeantError,
    NoCapacityError,
    SamePersonError,
    StillReleasingError,
    UnknownWaveError,
    WaveChangedError,
    WrongStateError,
)
from tests import factories as people
from tests.factories import at_work
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db


def content(**values) -> waves.Content:
    defaults = {
        "name": "Loire-Atlantique",
        "stage": "pilot",
        "departments": ["44"],
        "schemes": [],
        "situations": [],
        "born_from": None,
        "born_until": None,
        "at_most": None,
        "is_continuous": False,
        "services": ["dmp", "mss"],
        "channels": "as-wished",
        "first_send_on": date(2026, 12, 7),
        "mails_a_day": 100,
        "letters_a_day": 100,
    }
    return waves.Content(**{**defaults, **values})


def created(user, **values) -> Wave:
    return waves.create_wave(actor=at_work(user), wave_id=uuid7(), content=content(**values), at=NOON)


def approved(author, approver, **values) -> Wave:
    wave = created(author, **values)
    return waves.approve_wave(actor=at_work(approver), wave_id=wave.id, seen=waves.version_of(wave), at=NOON)


def kinds(wave) -> list[str]:
    """In the order of the alphabet: acts of one test share their instant."""
    return sorted(WaveEvent.objects.filter(wave=wave).values_list("kind", flat=True))


class TestCreate:
    def test_a_draft_under_the_next_number(self, nadia):
        first, second = created(nadia), created(nadia, name="Somme")
        assert second.number == first.number + 1
        assert (second.state, second.author, second.name, second.approver) == ("draft", nadia, "Somme", None)
        assert kinds(second) == ["create"]

    def test_the_trail_names_the_wave_and_no_criteria(self, nadia):
        wave = created(nadia)
        line = events_of(PLATFORM_SCOPE).get(action="rollout.wave.create")
        assert (line.target, line.facts) == (f"wave:{wave.id}", {"wave": wave.number})

    def test_a_form_sent_twice_makes_one_wave(self, nadia):
        wave_id = uuid7()
        made = [
            waves.create_wave(actor=at_work(nadia), wave_id=wave_id, content=content(), at=NOON).number
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert kinds(Wave.objects.get()) == ["create"]

    def test_sec_20_no_job_and_no_holder_makes_one(self):
        for actor in (SYSTEM, Actor(role=Role.HOLDER, at=NOON, user_id=uuid7())):
            with pytest.raises(AccessDeniedError):
                waves.create_wave(actor=actor, wave_id=uuid7(), content=content(), at=NOON)


class TestApprove:
    def test_by_another_person(self, nadia, viktor):
        factories.person()
        wave = approved(nadia, viktor)
        assert (wave.state, wave.approver, wave.approved_at) == ("approved", viktor, NOON)
        assert kinds(wave) == ["approve", "create"]
        line = events_of(PLATFORM_SCOPE).get(action="rollout.wave.approve")
        assert line.facts == {"wave": wave.number, "people": 1}

    def test_sec_21_the_author_does_not_approve(self, viktor):
        factories.person()
        with pytest.raises(SamePersonError):
            approved(viktor, viktor)

    def test_sec_21_the_database_refuses_it_too(self, viktor):
        wave = created(viktor)
        with pytest.raises(IntegrityError, match="author_is_not_approver"), transaction.atomic():
            Wave.objects.filter(pk=wave.pk).update(state="approved", approver=viktor, approved_at=NOON)

    def test_sec_21_who_changed_it_last_is_its_author(self, viktor):
        factories.person()
        nadia = people.staff(StaffRole.OPERATOR, StaffRole.APPROVER)
        wave = created(nadia)
        waves.change_wave(
            actor=at_work(viktor), wave_id=wave.id, seen=waves.version_of(wave), content=content(), at=NOON
        )
        with pytest.raises(SamePersonError):
            waves.approve_wave(actor=at_work(viktor), wave_id=wave.id, seen=waves.version_of(wave), at=NOON)
        assert (
            waves.approve_wave(actor=at_work(nadia), wave_id=wave.id, seen=waves.version_of(wave), at=NOON).approver
            == nadia
        )

    def test_a_wave_without_anybody(self, nadia, viktor):
        with pytest.raises(NobodyMeantError):
            approved(nadia, viktor)

    def test_spa_13_a_continuous_wave_may_begin_empty(self, nadia, viktor):
        assert approved(nadia, viktor, is_continuous=True).state == "approved"

    @pytest.mark.parametrize(
        ("column", "values"), [("mails_a_day", {}), ("letters_a_day", {"channel": "courrier", "mail": ""})]
    )
    def test_notices_that_would_never_leave(self, nadia, viktor, column, values):
        factories.person(**values)
        with pytest.raises(NoCapacityError):
            approved(nadia, viktor, **{column: 0})

    def test_rel_21_what_changed_meanwhile_is_not_approved(self, nadia, viktor):
        factories.person()
        wave = created(nadia)
        seen = waves.version_of(wave)
        waves.change_wave(actor=at_work(nadia), wave_id=wave.id, seen=seen, content=content(name="Other"), at=NOON)
        with pytest.raises(WaveChangedError):
            waves.approve_wave(actor=at_work(viktor), wave_id=wave.id, seen=seen, at=NOON)

    def test_only_a_draft(self, nadia, viktor):
        factories.person()
        wave = approved(nadia, viktor)
        with pytest.raises(WrongStateError) as caught:
            waves.approve_wave(actor=at_work(viktor), wave_id=wave.id, seen=waves.version_of(wave), at=NOON)
        assert caught.value.state == "approved"

    def test_unknown(self, viktor):
        with pytest.raises(UnknownWaveError):
            waves.approve_wave(actor=at_work(viktor), wave_id=uuid7(), seen="", at=NOON)

    def test_the_worker_is_told_after_the_commit(self, nadia, viktor, queue, django_capture_on_commit_callbacks):
        factories.person()
        with django_capture_on_commit_callbacks(execute=True):
            approved(nadia, viktor)
        assert [message.task for message in queue()] == ["rollout.advance"]


class TestChange:
    def test_a_draft(self, nadia):
        wave = created(nadia)
        waves.change_wave(
            actor=at_work(nadia),
            wave_id=wave.id,
            seen=waves.version_of(wave),
            content=content(name="Somme"),
            at=NOON,
        )
        wave.refresh_from_db()
        assert (wave.name, kinds(wave)) == ("Somme", ["change", "create"])

    def test_sec_21_after_approval_it_needs_a_new_one(self, nadia, viktor):
        one = factories.person()
        wave = approved(nadia, viktor)
        filling.fill_due(at=NOON)
        changed = waves.change_wave(
            actor=at_work(nadia), wave_id=wave.id, seen=waves.version_of(wave), content=content(), at=NOON
        )
        assert (changed.state, changed.approver, changed.approved_at, changed.filled_at) == ("draft", None, None, None)
        with pytest.raises(StillReleasingError):
            waves.approve_wave(actor=at_work(viktor), wave_id=wave.id, seen=waves.version_of(wave), at=NOON)
        filling.fill_due(at=NOON)
        one.refresh_from_db()
        assert one.wave is None
        again = waves.approve_wave(actor=at_work(viktor), wave_id=wave.id, seen=waves.version_of(wave), at=NOON)
        assert again.state == "approved"

    def test_an_asked_opening_falls_with_the_change(self, nadia, viktor):
        factories.person()
        wave = approved(nadia, viktor)
        Wave.objects.filter(pk=wave.pk).update(opening_asked_by=nadia, opening_asked_at=NOON, paused_at=NOON)
        changed = waves.change_wave(
            actor=at_work(nadia), wave_id=wave.id, seen=waves.version_of(wave), content=content(), at=NOON
        )
        assert (changed.opening_asked_by, changed.paused_at, changed.may_open) == (None, None, False)

    @pytest.mark.parametrize("act", [waves.change_wave, waves.cancel_wave])
    @pytest.mark.parametrize("state", ["notifying", "window", "opening", "closed", "cancelled"])
    def test_a_wave_that_has_written_is_neither_changed_nor_given_up(self, nadia, act, state):
        values = {"closed_at": NOON} if state == "closed" else {}
        wave = factories.wave(state=state, **values)
        more = {"content": content()} if act is waves.change_wave else {}
        with pytest.raises(WrongStateError):
            act(actor=at_work(nadia), wave_id=wave.id, seen=waves.version_of(wave), at=NOON, **more)

    def test_nor_an_approved_one_with_a_first_notice(self, nadia):
        wave = factories.wave(state="approved")
        factories.noticed(factories.person(wave=wave))
        assert not waves.may_change(wave)
        with pytest.raises(WrongStateError):
            waves.cancel_wave(actor=at_work(nadia), wave_id=wave.id, seen=waves.version_of(wave), at=NOON)


class TestCancel:
    def test_its_people_are_free_again(self, nadia, viktor):
        one = factories.person()
        wave = approved(nadia, viktor)
        filling.fill_due(at=NOON)
        cancelled = waves.cancel_wave(
            actor=at_work(nadia), wave_id=wave.id, seen=waves.version_of(wave), at=NOON + timedelta(minutes=1)
        )
        assert (cancelled.state, "cancel" in kinds(wave)) == ("cancelled", True)
        filling.fill_due(at=NOON)
        one.refresh_from_db()
        assert one.wave is None


class TestPause:
    def test_rol_12_pause_and_resume(self, nadia):
        wave = factories.wave()
        assert waves.pause_wave(actor=at_work(nadia), wave_id=wave.id, at=NOON).paused_at == NOON
        later = NOON + timedelta(hours=1)
        assert waves.pause_wave(actor=at_work(nadia), wave_id=wave.id, at=later).paused_at == NOON
        assert waves.resume_wave(actor=at_work(nadia), wave_id=wave.id, at=later).paused_at is None
        waves.resume_wave(actor=at_work(nadia), wave_id=wave.id, at=later)
        assert kinds(wave) == ["pause", "resume"]

    @pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
    def test_what_sends_nothing_is_not_paused(self, nadia, state):
        values = {"closed_at": NOON} if state == "closed" else {}
        wave = factories.wave(state=state, **values)
        with pytest.raises(WrongStateError):
            waves.pause_wave(actor=at_work(nadia), wave_id=wave.id, at=NOON)


def test_rel_21_each_act_is_a_new_version(nadia):
    wave = created(nadia)
    first = waves.version_of(wave)
    waves.change_wave(actor=at_work(nadia), wave_id=wave.id, seen=first, content=content(), at=NOON)
    assert (first, waves.version_of(wave), waves.version_of(factories.wave())) == ("1", "2", "0")


def test_unknown_wave():
    with pytest.raises(UnknownWaveError):
        waves.wave_of(wave_id=uuid7())
