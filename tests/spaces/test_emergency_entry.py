"""Who may enter for an emergency: a typed reason (ACC-21), a regulating doctor (ACC-22)."""

from __future__ import annotations

import pytest

from apps.access import AccessDeniedError, Purpose
from apps.audit.services import events_of
from apps.dmp import policies
from apps.dmp.models import Document
from apps.spaces import services
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
REASON = "Malaise, patient inconscient, service des urgences."


@pytest.fixture
def space():
    return factories.space()


def enter(space, professional, **values):
    visit = services.Visit(space_id=space.id, national_id=professional.national_id, **values)
    return services.professional_actor(visit=visit, at=NOON)


def refused(space, professional, **values):
    with pytest.raises(AccessDeniedError) as found:
        enter(space, professional, **values)
    return found.value.decision.rule


def lines(space):
    return [(line.action, line.outcome, line.rule, line.purpose) for line in events_of(space.id)]


class TestBreakGlass:
    @pytest.mark.parametrize(
        "reason",
        ["", "urgence", "x" * 19, " " * 40, "a" + " " * 40 + "b", "\n\t" * 20, "x" * 501],
    )
    def test_acc_21_needs_a_typed_reason_of_twenty_characters(self, space, reason):
        assert refused(space, factories.professional(), purpose=Purpose.BREAK_GLASS, reason=reason) == "ACC-21"

    @pytest.mark.parametrize("reason", ["x" * 20, REASON, "x" * 500])
    def test_acc_21_a_reason_opens(self, space, reason):
        row = document(space)
        actor = enter(space, factories.professional(), purpose=Purpose.BREAK_GLASS, reason=reason)
        assert list(Document.objects.visible_to(actor)) == [row]
        assert actor.reason == reason

    def test_acc_21_the_refusal_stands_in_the_trail(self, space):
        doctor = factories.professional()
        refused(space, doctor, purpose=Purpose.BREAK_GLASS, reason="urgence")
        line = events_of(space.id).get()
        assert lines(space) == [("spaces.space.enter", "deny", "ACC-21", "BTG")]
        assert (line.actor_id, line.reason) == (doctor.national_id, "urgence")

    def test_a_reason_too_long_for_the_trail_is_refused_and_traced(self, space):
        refused(space, factories.professional(), purpose=Purpose.BREAK_GLASS, reason="x" * 3000)
        assert events_of(space.id).get().reason == "x" * 500

    def test_acc_21_reads_and_may_feed(self, space):
        actor = enter(space, factories.professional(), purpose=Purpose.BREAK_GLASS, reason=REASON)
        assert policies.may_deposit(actor).allowed

    def test_acc_11_a_blocked_professional_may_and_the_actor_says_so(self, space):
        doctor = factories.professional()
        services.block_professional(actor=factories.holder(space), national_id=doctor.national_id, at=NOON)
        actor = enter(space, doctor, purpose=Purpose.BREAK_GLASS, reason=REASON)
        assert actor.rights.blocked
        assert policies.may_read(actor, document(space)).rule == "ACC-20"


class TestCall:
    def test_acc_22_the_regulating_doctor_enters_without_reason_or_consent(self, space):
        row = document(space)
        actor = enter(space, factories.professional(), purpose=Purpose.EMERGENCY_CALL, regulates_calls=True)
        assert list(Document.objects.visible_to(actor)) == [row]

    def test_acc_22_a_doctor_without_the_claim_is_refused(self, space):
        assert refused(space, factories.professional(), purpose=Purpose.EMERGENCY_CALL, reason=REASON) == "ACC-22"
        assert lines(space) == [("spaces.space.enter", "deny", "ACC-22", "ETREAT")]

    @pytest.mark.parametrize("profession", ["60", "21", "40", "50", "70", ""])
    def test_acc_22_another_profession_is_refused_with_the_claim(self, space, profession):
        nurse = factories.professional(profession_code=profession)
        assert refused(space, nurse, purpose=Purpose.EMERGENCY_CALL, regulates_calls=True) == "ACC-22"

    def test_the_claim_alone_opens_nothing_in_normal_mode(self, space):
        document(space)
        actor = enter(space, factories.professional(), regulates_calls=True)
        assert not Document.objects.visible_to(actor).exists()


def test_normal_mode_leaves_no_line(space):
    enter(space, factories.professional())
    assert lines(space) == []
