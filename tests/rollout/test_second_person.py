"""Who acts in the roll-out is asked where the act is (SEC-20, SEC-21), whatever page or job it comes from."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from apps.access import SYSTEM, AccessDeniedError, Actor, Role
from apps.accounts.models import StaffRole
from apps.common.ids import uuid7
from apps.rollout import policies
from apps.rollout.models import ExportRequest, ImportFile, StopOrder, Wave
from apps.rollout.services import exporting, import_console, letting_open, population, stopping, waves
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories

NOBODY_OF_THE_CONSOLE = [(), (StaffRole.PLATFORM,), (StaffRole.ASSESSOR,), (StaffRole.PLATFORM, StaffRole.ASSESSOR)]
NO_APPROVER = [*NOBODY_OF_THE_CONSOLE, (StaffRole.OPERATOR,), (StaffRole.SUPPORT,)]


def acting(*roles: StaffRole, user_id: UUID | None = None) -> Actor:
    return Actor(role=Role.STAFF, at=NOON, user_id=user_id or uuid7(), staff_roles=frozenset(roles))


class TestPolicy:
    @pytest.mark.parametrize("role", policies.HELPS)
    def test_sec_20_each_role_of_the_console(self, role):
        assert policies.may_run_rollout(acting(role))

    @pytest.mark.parametrize("roles", NOBODY_OF_THE_CONSOLE)
    def test_sec_20_no_other_member_of_the_staff(self, roles):
        assert not policies.may_run_rollout(acting(*roles))

    @pytest.mark.parametrize("role", [role for role in Role if role not in {Role.STAFF, Role.SYSTEM}])
    def test_sec_20_nobody_else_even_with_such_a_role(self, role):
        actor = Actor(role=role, at=NOON, user_id=uuid7(), staff_roles=frozenset(StaffRole))
        assert not policies.may_run_rollout(actor)
        assert not policies.may_decide(actor, frozenset(StaffRole))

    def test_sec_20_jobs_run_and_decide_nothing(self):
        assert policies.may_run_rollout(SYSTEM)
        assert not policies.may_decide(SYSTEM, policies.HELPS)


def _wave() -> Wave:
    return factories.wave(state=Wave.State.DRAFT, first_send_on=date(2026, 12, 7))


def _asked_wave() -> Wave:
    made = factories.wave()
    made.opening_asked_by, made.opening_asked_at = made.author, NOON
    made.save()
    return made


def _asked_export() -> ExportRequest:
    return ExportRequest.objects.create(reason="audit", rows=1, asked_by=people.staff(), asked_at=NOON)


def _asked_file() -> ImportFile:
    nadia = people.staff()
    return ImportFile.objects.create(
        name="fichier.csv", source=ImportFile.Source.SERVER, path="fichier.csv", sha256="0" * 64, size=1,
        state=ImportFile.State.ASKED, brought_by=nadia, brought_at=NOON, confirmed_by=nadia, confirmed_at=NOON,
    )  # fmt: skip


def _asked_stop() -> StopOrder:
    nadia = people.staff()
    return StopOrder.objects.create(
        reason="essai", ordered_by=nadia, ordered_at=NOON, restart_reason="fini", restart_asked_by=nadia,
        restart_asked_at=NOON,
    )  # fmt: skip


def _approve_wave(actor: Actor) -> Wave:
    wave = _wave()
    factories.person()
    return waves.approve_wave(actor=actor, wave_id=wave.pk, seen=waves.version_of(wave), at=NOON)


APPROVALS = {
    "wave": _approve_wave,
    "opening": lambda actor: letting_open.approve_opening(actor=actor, wave_id=_asked_wave().pk, at=NOON),
    "export": lambda actor: exporting.decide_export(
        actor=actor, export_id=_asked_export().pk, approve=True, at=NOON
    ),
    "refusal of an export": lambda actor: exporting.decide_export(
        actor=actor, export_id=_asked_export().pk, approve=False, at=NOON
    ),
    "import": lambda actor: import_console.approve(actor=actor, file_id=_asked_file().pk, at=NOON),
    "restart": lambda actor: stopping.confirm_restart(actor=actor, stop_id=_asked_stop().pk, at=NOON),
}  # fmt: skip


@pytest.mark.django_db
class TestApproval:
    @pytest.mark.parametrize("act", APPROVALS)
    @pytest.mark.parametrize("roles", NO_APPROVER)
    def test_sec_21_the_second_person_holds_the_right_to_approve(self, act, roles):
        actor = acting(*roles, user_id=people.staff(*roles).pk)
        with pytest.raises(AccessDeniedError):
            APPROVALS[act](actor)

    @pytest.mark.parametrize("act", APPROVALS)
    def test_sec_21_who_holds_it_approves(self, act):
        viktor = people.staff(StaffRole.APPROVER)
        assert APPROVALS[act](acting(StaffRole.APPROVER, user_id=viktor.pk)).pk


ACTS = {
    "create a wave": lambda actor: waves.create_wave(actor=actor, wave_id=uuid7(), content=None, at=NOON),
    "give a wave up": lambda actor: waves.cancel_wave(actor=actor, wave_id=_wave().pk, seen="0", at=NOON),
    "pause": lambda actor: waves.pause_wave(actor=actor, wave_id=factories.wave().pk, at=NOON),
    "resume": lambda actor: waves.resume_wave(actor=actor, wave_id=factories.wave().pk, at=NOON),
    "ask for an opening": lambda actor: letting_open.ask_opening(actor=actor, wave_id=factories.wave().pk, at=NOON),
    "ask for a list": lambda actor: exporting.ask_export(
        actor=actor, export_id=uuid7(), filters=population.Filters(), reason="audit", at=NOON
    ),
    "bring a file": lambda actor: import_console.bring_server_file(actor=actor, name="a.csv", sha256="", at=NOON),
    "stop an import": lambda actor: import_console.stop(actor=actor, file_id=_running_file().pk, at=NOON),
    "go on with an import": lambda actor: import_console.resume(actor=actor, file_id=_stopped_file().pk, at=NOON),
    "give an import up": lambda actor: import_console.abandon(actor=actor, file_id=_asked_file().pk, at=NOON),
    "ask for a restart": lambda actor: stopping.ask_restart(
        actor=actor, stop_id=_asked_stop().pk, reason="fini", at=NOON
    ),
}  # fmt: skip


def _running_file() -> ImportFile:
    file = _asked_file()
    file.state = ImportFile.State.RUNNING
    file.approved_by, file.approved_at = people.staff(StaffRole.APPROVER), NOON
    file.save()
    return file


def _stopped_file() -> ImportFile:
    file = _running_file()
    file.state = ImportFile.State.STOPPED
    file.save()
    return file


@pytest.mark.django_db
class TestAct:
    @pytest.mark.parametrize("act", ACTS)
    @pytest.mark.parametrize("roles", [*NOBODY_OF_THE_CONSOLE, (StaffRole.SUPPORT,)])
    def test_sec_20_who_does_not_run_the_roll_out_does_not_act(self, act, roles):
        with pytest.raises(AccessDeniedError):
            ACTS[act](acting(*roles, user_id=people.staff(*roles).pk))

    @pytest.mark.parametrize("act", ACTS)
    def test_sec_20_no_job_does(self, act):
        with pytest.raises(AccessDeniedError):
            ACTS[act](SYSTEM)

    def test_ro_08_support_orders_a_stop(self):
        actor = acting(StaffRole.SUPPORT, user_id=people.staff(StaffRole.SUPPORT).pk)
        assert stopping.order_stop(actor=actor, wave_id=None, reason="essai", at=NOON).lifted_at is None

    @pytest.mark.parametrize("roles", NOBODY_OF_THE_CONSOLE)
    def test_sec_20_nobody_else_reads_the_register(self, roles):
        actor = acting(*roles, user_id=people.staff(*roles).pk)
        with pytest.raises(AccessDeniedError):
            population.open_person(actor=actor, person_id=factories.person().pk)
