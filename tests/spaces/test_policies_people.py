"""Who decides about relatives and representatives, for every role and end (SPA-41, SPA-51, SPA-52, SPA-55)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import Actor, Rights, Role, Section
from apps.spaces import policies
from tests.harness.clock import NOON

SECOND = timedelta(seconds=1)


def actor(role, *, until=NOON + SECOND, opened=True):
    everything = frozenset(Section)
    rights = Rights(space_open=opened, rights_until=until, readable=everything, manageable=everything)
    return Actor(role=role, at=NOON, rights=rights)


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (policies.may_manage_delegates, {Role.HOLDER}),
        (policies.may_invite_representative, {Role.REPRESENTATIVE}),
        (policies.may_agree_to_assistance, {Role.HOLDER}),
    ],
)
class TestEveryRole:
    def test_spa_55_and_52_one_role_only(self, policy, allowed):
        assert {role for role in Role if policy(actor(role))} == allowed

    def test_nobody_in_a_closed_space(self, policy, allowed):
        assert not any(policy(actor(role, opened=False)) for role in Role)


def test_sec_04_a_representative_whose_right_ended_invites_nobody():
    assert policies.may_invite_representative(actor(Role.REPRESENTATIVE, until=NOON)).rule == "SEC-04"


@pytest.mark.parametrize(
    ("policy", "role", "rule"),
    [
        (policies.may_manage_delegates, Role.DELEGATE, "SPA-55"),
        (policies.may_manage_delegates, Role.REPRESENTATIVE, "SPA-52"),
        (policies.may_invite_representative, Role.HOLDER, "SPA-41"),
        (policies.may_agree_to_assistance, Role.REPRESENTATIVE, "SPA-52"),
    ],
)
def test_each_refusal_names_its_rule(policy, role, rule):
    assert (policy(actor(role)).allowed, policy(actor(role)).rule) == (False, rule)


class TestSections:
    @pytest.mark.parametrize("role", [Role.HOLDER, Role.REPRESENTATIVE])
    def test_who_decides_reads_and_manages_everything(self, role):
        one = Actor(role=role, at=NOON)

        assert all(one.reads(section) and one.manages(section) for section in Section)

    def test_spa_55_a_delegate_has_what_is_named_and_nothing_else(self):
        one = Actor(
            role=Role.DELEGATE,
            at=NOON,
            rights=Rights(readable=frozenset({Section.HISTORY}), manageable=frozenset({Section.DOCUMENTS})),
        )

        assert [one.reads(section) for section in (Section.DOCUMENTS, Section.HISTORY)] == [True, True]
        assert [one.manages(section) for section in (Section.DOCUMENTS, Section.HISTORY)] == [True, False]

    @pytest.mark.parametrize("role", [Role.DELEGATE, Role.PROFESSIONAL, Role.SYSTEM, Role.NOBODY])
    def test_without_a_word_nothing_is_open(self, role):
        assert not any(Actor(role=role, at=NOON).reads(section) for section in Section)
