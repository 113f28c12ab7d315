"""Block, administrators, withdrawal: what each does to the reading of documents (ACC-02, ACC-10, ACC-12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError, Actor, Purpose, Rights, Role
from apps.audit.services import events_of
from apps.dmp import policies
from apps.dmp.models import Document
from apps.spaces import services
from apps.spaces.carers import carers_of, standing_of
from apps.spaces.models import CareConsent, HealthSpace, SpaceAdministrator
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
CABINET = "1440000000"
REASON = "Malaise, patient inconscient, urgences."
BEFORE = NOON - timedelta(days=3)


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def doctor():
    return factories.professional()


@pytest.fixture
def holder(space):
    return factories.holder(space)


def visit(space, doctor, **values):
    return services.Visit(space_id=space.id, national_id=doctor.national_id, **values)


def agree(space, doctor, *, at=BEFORE, ends_at=None, organisation_id=""):
    return services.declare_consent(visit=visit(space, doctor, organisation_id=organisation_id), ends_at=ends_at, at=at)


def sees(space, doctor, *, at=NOON, **values):
    """Titles that the professional may list; the policy must say the same."""
    actor = services.professional_actor(visit=visit(space, doctor, **values), at=at)
    listed = set(Document.objects.visible_to(actor).values_list("title", flat=True))
    assert listed == {row.title for row in Document.objects.all() if policies.may_read(actor, row)}
    return listed


def actions(space):
    return [line.action for line in events_of(space.id).order_by("at", "id")]


class TestBlock:
    def test_acc_10_blocks_in_spite_of_consent_and_unblocking_does_not_give_it_back(self, space, doctor, holder):
        document(space, title="v")
        agree(space, doctor)
        assert sees(space, doctor) == {"v"}
        services.block_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        assert sees(space, doctor) == set()
        services.unblock_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        assert sees(space, doctor, at=NOON + timedelta(seconds=1)) == set()
        agree(space, doctor, at=NOON + timedelta(seconds=2))
        assert sees(space, doctor, at=NOON + timedelta(seconds=2)) == {"v"}

    def test_acc_10_in_advance_even_one_never_met(self, space, doctor, holder):
        document(space, title="v")
        services.block_professional(actor=holder, national_id=doctor.national_id, at=BEFORE)
        agree(space, doctor, at=NOON)
        assert sees(space, doctor) == set()

    @pytest.mark.parametrize("organisation_id", ["", CABINET])
    def test_acc_10_an_agreement_declared_while_blocked_does_not_wake_up(self, space, doctor, holder, organisation_id):
        """The page of unblocking says that they must ask again."""
        document(space, title="v")
        services.block_professional(actor=holder, national_id=doctor.national_id, at=BEFORE)
        agree(space, doctor, at=NOON, organisation_id=organisation_id)
        services.unblock_professional(actor=holder, national_id=doctor.national_id, at=NOON + timedelta(hours=1))
        later = NOON + timedelta(hours=2)
        assert sees(space, doctor, at=later, organisation_id=organisation_id) == set()
        assert standing_of(space_id=space.id, national_id=doctor.national_id, at=later).access is None
        agree(space, doctor, at=later, organisation_id=organisation_id)
        assert sees(space, doctor, at=later, organisation_id=organisation_id) == {"v"}

    def test_acc_10_an_agreement_at_the_instant_of_the_unblocking_counts(self, space, doctor, holder):
        document(space, title="v")
        services.block_professional(actor=holder, national_id=doctor.national_id, at=BEFORE)
        services.unblock_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        agree(space, doctor, at=NOON)
        assert sees(space, doctor) == {"v"}

    def test_acc_10_a_blocked_professional_may_still_file_and_reads_their_own(self, space, doctor, holder):
        services.block_professional(actor=holder, national_id=doctor.national_id, at=BEFORE)
        actor = services.professional_actor(visit=visit(space, doctor), at=NOON)
        assert policies.may_deposit(actor).allowed
        document(space, title="own", depositor_id=doctor.national_id)
        assert sees(space, doctor) == {"own"}

    def test_acc_11_an_emergency_that_the_holder_allows_goes_before_the_block(self, space, doctor, holder):
        document(space, title="v")
        services.block_professional(actor=holder, national_id=doctor.national_id, at=BEFORE)
        assert sees(space, doctor, purpose=Purpose.BREAK_GLASS, reason=REASON) == {"v"}
        HealthSpace.objects.filter(pk=space.pk).update(break_glass_allowed=False)
        assert sees(space, doctor, purpose=Purpose.BREAK_GLASS, reason=REASON) == set()

    def test_se_04_an_administrator_loses_these_rights_first(self, space, doctor, holder):
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=BEFORE)
        services.block_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        assert actions(space) == [
            "spaces.administrator.name", "spaces.administrator.end", "spaces.professional.block",
        ]  # fmt: skip
        services.unblock_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        assert not services.professional_actor(visit=visit(space, doctor), at=NOON).rights.administrator

    def test_twice_is_once(self, space, doctor, holder):
        for _ in range(2):
            services.block_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        for _ in range(2):
            services.unblock_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        assert actions(space) == ["spaces.professional.block", "spaces.professional.unblock"]

    def test_a_number_outside_the_directory_is_not_blocked(self, space, holder):
        with pytest.raises(services.UnknownProfessionalError):
            services.block_professional(actor=holder, national_id="810999999999", at=NOON)

    def test_acc_12_an_administrator_may_block_another_professional(self, space, doctor, holder):
        other = factories.professional()
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=BEFORE)
        administrator = services.professional_actor(visit=visit(space, doctor), at=NOON)
        services.block_professional(actor=administrator, national_id=other.national_id, at=NOON)
        assert standing_of(space_id=space.id, national_id=other.national_id, at=NOON).block
        assert events_of(space.id).first().rule == "ACC-12"


class TestAdministrators:
    def test_acc_12_sees_hidden_documents_with_consent_only(self, space, doctor, holder):
        document(space, title="v")
        document(space, title="h", hidden_at=NOON)
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=False, at=BEFORE)
        assert sees(space, doctor) == set()
        agree(space, doctor)
        assert sees(space, doctor) == {"v", "h"}
        services.end_administrator(actor=holder, national_id=doctor.national_id, at=NOON)
        assert sees(space, doctor) == {"v"}

    def test_there_is_one_treating_doctor(self, space, doctor, holder):
        new = factories.professional(given_name="KARIM")
        for one in (doctor, new):
            services.name_administrator(actor=holder, national_id=one.national_id, is_declared_gp=True, at=BEFORE)
        found = [(one.name, one.is_declared_gp) for one in carers_of(space_id=space.id, at=NOON).administrators]
        assert found == [("Dr Karim Lefort", True)]
        assert SpaceAdministrator.objects.filter(ended_at=None).count() == 1

    def test_an_administrator_becomes_treating_doctor_and_not_back_by_naming(self, space, doctor, holder):
        for is_gp in (False, True, False):
            services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=is_gp, at=BEFORE)
        assert SpaceAdministrator.objects.get(ended_at=None).is_declared_gp

    def test_a_blocked_professional_is_not_named(self, space, doctor, holder):
        services.block_professional(actor=holder, national_id=doctor.national_id, at=BEFORE)
        with pytest.raises(services.ProfessionalBlockedError):
            services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=NOON)

    def test_ending_twice_is_once(self, space, doctor, holder):
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=False, at=BEFORE)
        for _ in range(2):
            services.end_administrator(actor=holder, national_id=doctor.national_id, at=NOON)
        assert actions(space) == ["spaces.administrator.name", "spaces.administrator.end"]


class TestWithdrawal:
    def test_acc_02_the_agreement_ends_at_once(self, space, doctor, holder):
        document(space, title="v")
        agree(space, doctor)
        assert services.withdraw_consent(actor=holder, national_id=doctor.national_id, at=NOON) == 1
        assert sees(space, doctor) == set()
        assert services.withdraw_consent(actor=holder, national_id=doctor.national_id, at=NOON) == 0
        assert actions(space) == ["spaces.access.declare", "spaces.consent.withdraw"]

    def test_acc_02_the_whole_care_team_loses_it_whoever_declared_it(self, space, doctor, holder):
        document(space, title="v")
        colleague = factories.professional(given_name="KARIM")
        for one in (doctor, colleague):
            agree(space, one, organisation_id=CABINET)
        assert services.withdraw_consent(actor=holder, national_id=doctor.national_id, at=NOON) == 2
        for one in (doctor, colleague):
            assert sees(space, one, organisation_id=CABINET) == set()

    def test_another_team_and_another_space_keep_theirs(self, space, doctor, holder):
        document(space, title="v")
        other, elsewhere = factories.professional(), factories.space()
        agree(space, doctor, organisation_id=CABINET)
        agree(space, other, organisation_id="1440000001")
        agree(elsewhere, doctor, organisation_id=CABINET)
        services.withdraw_consent(actor=holder, national_id=doctor.national_id, at=NOON)
        assert sees(space, other, organisation_id="1440000001") == {"v"}
        assert CareConsent.objects.filter(space=elsewhere, withdrawn_at=None).count() == 1


class TestWhoMay:
    ACTS = (
        lambda actor, one: services.unblock_professional(actor=actor, national_id=one, at=NOON),
        lambda actor, one: services.block_professional(actor=actor, national_id=one, at=NOON),
        lambda actor, one: services.name_administrator(actor=actor, national_id=one, is_declared_gp=False, at=NOON),
        lambda actor, one: services.end_administrator(actor=actor, national_id=one, at=NOON),
        lambda actor, one: services.withdraw_consent(actor=actor, national_id=one, at=NOON),
    )

    @pytest.mark.parametrize("act", ACTS)
    @pytest.mark.parametrize("role", [Role.DELEGATE, Role.PROFESSIONAL, Role.NOBODY])
    def test_spa_55_neither_delegates_nor_professionals(self, space, doctor, act, role):
        rights = Rights(space_open=True, rights_until=NOON + timedelta(days=1))
        with pytest.raises(AccessDeniedError):
            act(Actor(role=role, at=NOON, space_id=space.id, rights=rights), doctor.national_id)
        assert actions(space) == []

    @pytest.mark.parametrize("act", ACTS)
    def test_nothing_in_a_space_that_is_no_longer_open(self, space, doctor, holder, act):
        HealthSpace.objects.filter(pk=space.pk).update(status="closed", closed_at=NOON)
        with pytest.raises(services.SpaceNotFoundError):
            act(holder, doctor.national_id)


class TestLists:
    def test_who_has_access_who_is_blocked_who_administers(self, space, doctor, holder):
        nurse = factories.professional(given_name="KARIM", title="", specialty_label="Infirmier")
        agree(space, doctor)
        agree(space, nurse, at=NOON - timedelta(hours=2), ends_at=NOON + timedelta(hours=1))
        gone = factories.professional(given_name="HUGO")
        agree(space, gone, at=NOON - timedelta(hours=5), ends_at=NOON)
        services.block_professional(actor=holder, national_id=gone.national_id, at=NOON)
        carers = carers_of(space_id=space.id, at=NOON)
        assert [(one.name, one.until) for one in carers.with_access] == [
            ("Karim Lefort", NOON + timedelta(hours=1)),
            ("Dr Anne Lefort", None),
        ]
        assert [one.name for one in carers.blocked] == ["Dr Hugo Lefort"]
        assert carers.teams == carers.administrators == ()

    def test_acc_10_a_team_keeps_access_when_who_declared_it_is_blocked_and_the_list_says_so(
        self, space, doctor, holder
    ):
        document(space, title="v")
        colleague = factories.professional(given_name="KARIM")
        agree(space, doctor, organisation_id=CABINET)
        services.block_professional(actor=holder, national_id=doctor.national_id, at=NOON)
        carers = carers_of(space_id=space.id, at=NOON)
        assert sees(space, colleague, organisation_id=CABINET) == {"v"}
        assert (len(carers.with_access), [one.team for one in carers.teams]) == (0, [CABINET])
        services.withdraw_consent(actor=holder, national_id=doctor.national_id, at=NOON)
        assert sees(space, colleague, organisation_id=CABINET) == set()
        assert carers_of(space_id=space.id, at=NOON).teams == ()

    def test_the_number_of_queries_does_not_depend_on_the_people(self, space, django_assert_num_queries):
        agree(space, factories.professional())
        with django_assert_num_queries(6):
            carers_of(space_id=space.id, at=NOON)
        for number in range(20):
            agree(space, factories.professional(), organisation_id=str(number))
        with django_assert_num_queries(6):
            assert len(carers_of(space_id=space.id, at=NOON).with_access) == 21

    def test_a_person_lost_by_the_directory_is_shown_by_number(self, space, doctor):
        agree(space, doctor)
        national_id = doctor.national_id
        doctor.delete()
        (one,) = carers_of(space_id=space.id, at=NOON).with_access
        assert (one.id, one.name) == (None, national_id)
