from __future__ import annotations

from datetime import timedelta

import pytest

from apps.audit.services import events_of
from apps.spaces import services
from apps.spaces.matrix import access_matrix
from apps.spaces.models import ProfessionalBlock
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def doctor():
    return factories.professional()


def actor(space, doctor, at=NOON, **values):
    visit = services.Visit(space_id=space.id, national_id=doctor.national_id, **values)
    return services.professional_actor(visit=visit, at=at)


class TestProfessionalActor:
    def test_acc_02_silence_is_no_consent(self, space, doctor):
        rights = actor(space, doctor).rights
        assert (rights.consent_until, rights.blocked, rights.administrator) == (None, False, False)

    def test_acc_02_consent_for_the_team_holds_for_the_structure(self, space, doctor):
        visit = services.Visit(space_id=space.id, national_id=doctor.national_id, organisation_id="1440000000")
        services.declare_consent(visit=visit, ends_at=None, at=NOON)
        colleague = factories.professional(given_name="KARIM")
        assert actor(space, doctor).has_consent
        assert actor(space, colleague, organisation_id="1440000000").has_consent
        assert not actor(space, colleague, organisation_id="1440000001").has_consent
        assert not actor(space, colleague).has_consent

    def test_acc_03_consent_for_one_consultation_ends_and_is_personal(self, space, doctor):
        visit = services.Visit(space_id=space.id, national_id=doctor.national_id, organisation_id="1440000000")
        services.declare_consent(visit=visit, ends_at=NOON + timedelta(hours=1), at=NOON)
        assert actor(space, doctor).has_consent
        assert not actor(space, doctor, at=NOON + timedelta(hours=1)).has_consent
        assert not actor(space, factories.professional(), organisation_id="1440000000").has_consent

    def test_declared_consent_leaves_a_line_with_its_rule(self, space, doctor):
        services.declare_consent(
            visit=services.Visit(space_id=space.id, national_id=doctor.national_id), ends_at=None, at=NOON
        )
        line = events_of(space.id).get()
        assert (line.action, line.actor_id, line.rule) == ("spaces.access.declare", doctor.national_id, "ACC-02")

    def test_acc_10_block_and_acc_12_administrator_are_seen(self, space, doctor):
        holder = factories.holder(space)
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=NOON)
        assert actor(space, doctor).rights.administrator
        for _ in range(2):
            services.block_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        rights = actor(space, doctor).rights
        assert (rights.administrator, rights.blocked) == (False, True)
        assert ProfessionalBlock.objects.count() == 1

    def test_decisions_of_another_space_do_not_count(self, space, doctor):
        other = factories.space()
        services.block_professional(actor=factories.holder(other), national_id=doctor.national_id, at=NOON)
        assert not actor(space, doctor).rights.blocked

    def test_dir_11_inactive_professional_has_no_care_access(self, space):
        with pytest.raises(services.UnknownProfessionalError):
            actor(space, factories.professional(is_active=False))

    @pytest.mark.parametrize("status", ["closed", "suspended"])
    def test_closed_space_is_like_none(self, doctor, status):
        space = factories.space(status=status, closed_at=NOON if status == "closed" else None)
        with pytest.raises(services.SpaceNotFoundError):
            actor(space, doctor)


class TestMatrix:
    """Known cells of ACC-08; a missing cell refuses (ACC-09)."""

    def test_doctor_reads_everything_but_the_attestation_of_residence(self):
        types = access_matrix().readable_types("10")
        assert len(types) == 121
        assert "11502-2" in types
        assert "ATTEST-RESID" not in types

    def test_nurse_reads_only_the_known_cells(self):
        types = access_matrix().readable_types("60")
        assert "15507-7" in types
        assert "68599-0" not in types

    def test_profession_without_a_row_reads_nothing(self):
        assert access_matrix().readable_types("21") == frozenset()

    def test_matrix_says_its_version_and_source(self):
        assert access_matrix().in_force_from == "2023-10-26"
        assert "26 October 2023" in access_matrix().legal_source
