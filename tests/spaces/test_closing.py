"""Closing: the state, the number, and nobody who enters afterwards (SPA-30, SPA-31, SPA-36; decisions.md 8)."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.access import AccessDeniedError, Actor, Purpose, Rights, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.common.references import is_reference
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files import services as files
from apps.files.models import Vault
from apps.spaces import jobs, services
from apps.spaces.models import (
    CareConsent,
    Delegation,
    HealthSpace,
    ProfessionalBlock,
    Representation,
    SpaceAdministrator,
)
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
Reason = HealthSpace.ClosureReason
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def space():
    return factories.space()


def close(space, *, actor=None, reason=Reason.HOLDER, at=NOON, **values):
    return services.close_space(
        actor=actor or factories.holder(space), space_id=space.id, reason=reason, at=at, **values
    )


def operator(space):
    return Actor(role=Role.SYSTEM, at=NOON, space_id=space.id)


class TestClosing:
    def test_spa_30_state_date_reason_and_a_number_that_can_be_checked(self, space):
        closure = close(space)
        row = HealthSpace.objects.get(pk=space.pk)
        assert (row.status, row.closed_at, row.closure_reason) == ("closed", NOON, "holder")
        assert closure.reference == row.closure_reference
        assert is_reference(closure.reference, prefix="CLO")

    def test_twice_is_the_same_number_and_date(self, space):
        first = close(space)
        actor = Actor(role=Role.SYSTEM, at=LATER, space_id=space.id)
        assert close(space, actor=actor, reason=Reason.DEATH, at=LATER) == first
        assert events_of(space.id).count() == 1

    def test_spa_30_every_right_ends_at_once_and_the_line_counts_them(self, space):
        holder, doctor = factories.holder(space), factories.professional()
        factories.delegation(of=space, person=factories.identity())
        factories.representation(of=space, person=factories.identity())
        visit = services.Visit(space_id=space.id, national_id=doctor.national_id)
        services.declare_consent(visit=visit, ends_at=None, at=NOON)
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=NOON)
        services.block_professional(actor=holder, national_id=factories.professional().national_id, at=NOON)
        close(space, at=LATER)
        assert Delegation.objects.get().ended_at == Representation.objects.get().ended_at == LATER
        assert SpaceAdministrator.objects.get().ended_at == CareConsent.objects.get().withdrawn_at == LATER
        assert ProfessionalBlock.objects.get().ended_at is None
        line = events_of(space.id).first()
        assert (line.action, line.rule, line.target) == ("spaces.space.close", "SPA-30", f"space:{space.id}")
        assert line.facts == {
            "reason": "holder", "keys_destroyed": False, "delegations": 1, "representations": 1,
            "administrators": 1, "consents": 1, "invitations": 0,
        }  # fmt: skip

    def test_rights_that_had_ended_keep_their_end(self, space):
        ended = NOON - timedelta(days=1)
        factories.delegation(of=space, person=factories.identity(), ended_at=ended)
        close(space)
        assert Delegation.objects.get().ended_at == ended

    def test_another_space_is_untouched(self, space):
        other = factories.space()
        factories.delegation(of=other, person=factories.identity())
        close(space)
        assert HealthSpace.objects.get(pk=other.pk).is_open
        assert Delegation.objects.get().ended_at is None


class TestAfterwards:
    def test_spa_30_nobody_reads_anything(self, space):
        row = filed(space)
        doctor = factories.professional()
        visit = services.Visit(space_id=space.id, national_id=doctor.national_id)
        services.declare_consent(visit=visit, ends_at=None, at=NOON)
        close(space, at=LATER)
        for purpose in (Purpose.CARE, Purpose.BREAK_GLASS, Purpose.EMERGENCY_CALL):
            with pytest.raises(services.SpaceNotFoundError):
                visit = services.Visit(
                    space_id=space.id,
                    national_id=doctor.national_id,
                    purpose=purpose,
                    reason="Malaise, patient inconscient.",
                    regulates_calls=True,
                )
                services.professional_actor(visit=visit, at=LATER)
        for role in Role:
            actor = Actor(role=role, at=LATER, space_id=space.id, national_id=row.author_id, rights=Rights())
            assert not Document.objects.visible_to(actor).exists()

    def test_spa_31_the_content_is_kept(self, space):
        row = filed(space)
        close(space)
        assert files.read(Document.objects.get(pk=row.pk).file)

    def test_a_deposit_under_way_is_refused_with_its_reason(self, space):
        """The actor was made while the space was open: the lock tells the present state."""
        close(space)
        deposit = dmp.Deposit(data=Cda(patient=space.identity).data())
        with pytest.raises(AccessDeniedError) as refused:
            dmp.deposit_document(actor=factories.system(space), deposit=deposit, at=LATER)
        assert refused.value.decision.rule == "ACC-37.space"
        assert (events_of(space.id).first().action, events_of(space.id).first().outcome) == (
            "dmp.document.deposit",
            "deny",
        )

    @pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
    def test_sec_04_open_sessions_lose_the_space_at_the_next_request(self, space, person_of):
        with time_machine.travel(NOON, tick=False):
            row = filed(space)
            client = person_of(space).client
            pages = [
                reverse("dmp:document_list", args=[space.id]),
                reverse("dmp:document_detail", args=[space.id, row.id]),
                reverse("dmp:document_file", args=[space.id, row.id]),
            ]
            assert [client.get(page).status_code for page in pages] == [200, 200, 200]
            close(space)
            assert [client.get(page).status_code for page in pages] == [404, 404, 404]
            assert client.post(reverse("dmp:document_hide", args=[space.id, row.id])).status_code == 404


class TestWho:
    def actor(self, space, role, **rights):
        values = {"space_open": True, "rights_until": LATER, **rights}
        return Actor(role=role, at=NOON, space_id=space.id, rights=Rights(**values))

    def test_spa_43_a_representative_closes_alone(self, space):
        closure = close(space, actor=self.actor(space, Role.REPRESENTATIVE), reason=Reason.REPRESENTATIVE)
        assert closure.reason == Reason.REPRESENTATIVE
        assert events_of(space.id).get().rule == "SPA-43"

    @pytest.mark.parametrize(
        ("role", "rule"),
        [(Role.DELEGATE, "SPA-55"), (Role.PROFESSIONAL, "ACC-37.role"), (Role.NOBODY, "ACC-37.role")],
    )
    def test_spa_55_others_may_not(self, space, role, rule):
        with pytest.raises(AccessDeniedError) as refused:
            close(space, actor=self.actor(space, role))
        assert refused.value.decision.rule == rule
        assert HealthSpace.objects.get(pk=space.pk).is_open

    @pytest.mark.parametrize("reason", [Reason.DEATH, Reason.LATE_OPPOSITION, Reason.EX_OFFICIO, Reason.REPRESENTATIVE])
    def test_a_holder_gives_no_other_reason(self, space, reason):
        with pytest.raises(AccessDeniedError):
            close(space, reason=reason)

    @pytest.mark.parametrize("reason", [Reason.HOLDER, Reason.REPRESENTATIVE])
    def test_the_operator_does_not_speak_for_people(self, space, reason):
        with pytest.raises(AccessDeniedError):
            close(space, actor=operator(space), reason=reason)

    def test_sec_01_nobody_closes_another_space(self, space):
        with pytest.raises(AccessDeniedError) as refused:
            close(factories.space(), actor=factories.holder(space))
        assert refused.value.decision.rule == "SEC-01"


class TestLateOpposition:
    def test_decisions_8_the_key_goes_and_nothing_can_be_read_again(self, space):
        row = filed(space)
        close(space, actor=operator(space), reason=Reason.LATE_OPPOSITION)
        vault = Vault.objects.get(owner_id=space.id)
        assert (vault.wrapped_key, vault.key_destroyed_at) == (None, NOON)
        with pytest.raises(files.FileGoneError):
            files.read(Document.objects.get(pk=row.pk).file)
        assert events_of(space.id).first().facts["keys_destroyed"] is True

    def test_a_space_closed_before_loses_its_key_too(self, space):
        filed(space)
        first = close(space)
        assert close(space, actor=operator(space), reason=Reason.LATE_OPPOSITION, at=LATER) == first
        assert Vault.objects.get(owner_id=space.id).wrapped_key is None

    def test_a_space_without_files_closes(self, space):
        assert close(space, actor=operator(space), reason=Reason.LATE_OPPOSITION).reference


class TestDeath:
    def test_spa_36_a_death_known_after_the_opening_closes_the_space(self, space):
        InsIdentity.objects.filter(pk=space.identity_id).update(died_on=date(2026, 11, 20))
        other = factories.space()
        assert jobs.close_dead(at=NOON) == 1
        assert jobs.close_dead(at=NOON) == 0
        row = HealthSpace.objects.get(pk=space.pk)
        assert (row.status, row.closure_reason, row.closed_at) == ("closed", "death", NOON)
        assert HealthSpace.objects.get(pk=other.pk).is_open
        line = events_of(space.id).get()
        assert (line.action, line.rule, line.actor_id) == ("spaces.space.close", "SPA-36", "spaces.close_dead")

    def test_in_slices(self):
        for _ in range(3):
            factories.space(person=factories.identity(died_on=date(2026, 11, 20)))
        assert [jobs.close_dead(at=NOON, at_most=2) for _ in range(3)] == [2, 1, 0]


class TestCommand:
    def run(self, space_id, reason):
        out = StringIO()
        call_command("spaces_close", str(space_id), f"--reason={reason}", "--agent=a17", stdout=out)
        return out.getvalue()

    def test_prints_the_number_and_names_the_agent(self, space):
        printed = self.run(space.id, "helped")
        assert printed.startswith(HealthSpace.objects.get(pk=space.pk).closure_reference)
        assert events_of(space.id).get().actor_id == "operator:a17"

    def test_an_unknown_space(self):
        with pytest.raises(CommandError, match="no space"):
            self.run(uuid7(), "death")

    def test_not_in_the_name_of_the_holder(self, space):
        with pytest.raises(CommandError):
            self.run(space.id, "holder")
