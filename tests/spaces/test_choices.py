"""The three emergency switches: who sets them, and what each combination opens (ACC-20 to ACC-23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from apps.access import AccessDeniedError, Actor, Purpose, Rights, Role
from apps.audit.services import events_of
from apps.dmp import policies
from apps.dmp.models import Document
from apps.spaces import services
from apps.spaces.models import HealthSpace
from apps.spaces.services import EmergencyChoices, Visit
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
START = EmergencyChoices()
REASON = "Malaise, patient inconscient, urgences."


@pytest.fixture
def space():
    return factories.space()


def change(space, wanted, *, seen=START, actor=None, at=NOON):
    return services.change_emergency_choices(
        actor=actor or factories.holder(space), seen=seen.code, wanted=wanted, at=at
    )


def actor_of(role, space, **values):
    rights = Rights(**{"space_open": True, "rights_until": NOON + timedelta(days=1), **values})
    return Actor(role=role, at=NOON, space_id=space.id, rights=rights)


class TestChange:
    def test_acc_20_the_start_allows_both_emergencies_and_keeps_hidden_documents_hidden(self, space):
        setting = services.emergency_setting(space_id=space.id)
        assert (setting.choices.code, setting.chosen_at) == ("110", None)

    def test_the_three_are_saved_together_with_the_date(self, space):
        change(space, EmergencyChoices(break_glass=False, call=False, masked=True))
        setting = services.emergency_setting(space_id=space.id)
        assert (setting.choices.code, setting.chosen_at) == ("001", NOON)

    def test_the_line_of_the_trail_holds_old_and_new(self, space):
        change(space, EmergencyChoices(break_glass=False, call=True, masked=True))
        line = events_of(space.id).get()
        assert (line.action, line.rule, line.target) == ("spaces.emergency.change", "ACC-20", f"space:{space.id}")
        assert line.facts == {
            "BTG.before": True, "BTG": False, "ETREAT.before": True, "ETREAT": True,
            "MASKED.before": False, "MASKED": True,
        }  # fmt: skip

    def test_rel_21_a_double_click_is_one_change(self, space):
        for _ in range(2):
            change(space, EmergencyChoices(call=False))
        assert events_of(space.id).count() == 1

    def test_rel_21_the_second_of_two_tabs_overwrites_nothing(self, space):
        change(space, EmergencyChoices(break_glass=False))
        with pytest.raises(services.ChoicesChangedError):
            change(space, EmergencyChoices(masked=True))
        assert services.emergency_setting(space_id=space.id).choices.code == "010"
        assert events_of(space.id).count() == 1

    def test_a_representative_may(self, space):
        change(space, EmergencyChoices(call=False), actor=actor_of(Role.REPRESENTATIVE, space))
        assert services.emergency_setting(space_id=space.id).choices.code == "100"

    @pytest.mark.parametrize(
        ("role", "rights", "rule"),
        [
            (Role.DELEGATE, {}, "SPA-55"),
            (Role.REPRESENTATIVE, {"rights_until": NOON}, "SEC-04"),
            (Role.PROFESSIONAL, {"administrator": True}, "ACC-37.role"),
            (Role.SYSTEM, {}, "ACC-37.role"),
            (Role.NOBODY, {}, "ACC-37.role"),
            (Role.HOLDER, {"space_open": False}, "ACC-37.space"),
        ],
    )
    def test_spa_55_others_may_not(self, space, role, rights, rule):
        with pytest.raises(AccessDeniedError) as refused:
            change(space, EmergencyChoices(call=False), actor=actor_of(role, space, **rights))
        assert refused.value.decision.rule == rule
        assert services.emergency_setting(space_id=space.id).choices == START

    def test_a_space_closed_since_the_page_was_shown_is_not_changed(self, space):
        HealthSpace.objects.filter(pk=space.pk).update(status="closed", closed_at=NOON)
        with pytest.raises(services.SpaceNotFoundError):
            change(space, EmergencyChoices(call=False))


# For each combination of the switches: what break-glass sees, what the doctor of the call sees; v = the visible
# document, h = the hidden one. Written by hand from ACC-20 to ACC-23.
EXPECTED = {
    "000": ("", ""),
    "001": ("", ""),
    "010": ("", "v"),
    "011": ("", "vh"),
    "100": ("v", ""),
    "101": ("vh", ""),
    "110": ("v", "v"),
    "111": ("vh", "vh"),
}


@pytest.mark.parametrize("code", EXPECTED)
@pytest.mark.parametrize("blocked", [False, True])
class TestEightCombinations:
    """A doctor without consent; blocked or not makes no difference in an emergency (ACC-11, decisions.md 3)."""

    def seen_by(self, space, doctor, purpose):
        visit = Visit(
            space_id=space.id, national_id=doctor.national_id, purpose=purpose, reason=REASON, regulates_calls=True
        )
        actor = services.professional_actor(visit=visit, at=NOON)
        listed = Document.objects.visible_to(actor).order_by("title").values_list("title", flat=True)
        allowed = [row.title for row in Document.objects.order_by("title") if policies.may_read(actor, row)]
        assert list(listed) == allowed
        return "".join(sorted(listed, reverse=True))

    def test_acc_20_to_23_what_each_opens(self, space, code, blocked):
        doctor = factories.professional()
        document(space, title="v")
        document(space, title="h", hidden_at=NOON)
        document(space, title="outside the matrix", type_code="ATTEST-RESID")
        if blocked:
            services.block_professional(actor=factories.holder(space), national_id=doctor.national_id, at=NOON)
        wanted = EmergencyChoices(break_glass=code[0] == "1", call=code[1] == "1", masked=code[2] == "1")
        change(space, wanted)

        found = tuple(self.seen_by(space, doctor, one) for one in (Purpose.BREAK_GLASS, Purpose.EMERGENCY_CALL))

        assert found == EXPECTED[code]
        assert self.seen_by(space, doctor, Purpose.CARE) == ""


def test_the_table_has_every_combination():
    assert set(EXPECTED) == {"".join(bits) for bits in product("01", repeat=3)}
    assert replace(START, masked=True).code == "111"
