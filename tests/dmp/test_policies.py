"""The rule of reading, twice: `policies.may_read` in Python, `visible_to` in SQL (SEC-03, ACC-37)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.access import Actor, Purpose, Rights, Role, Section
from apps.dmp import policies
from apps.dmp.models import Document
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

PROFESSIONAL_ID = "810990000018"
OTHER_ID = "810990000026"
TYPES = ("11502-2", "11490-0", "")
MOMENTS = (None, NOON - timedelta(seconds=1), NOON, NOON + timedelta(seconds=1))
LATER = NOON + timedelta(days=1)

# Every kind of row there is; one actor is compared on all of them at once.
VARIANTS = [
    {
        "type_code": type_code,
        "author_id": author,
        "depositor_id": depositor,
        "hidden_at": hidden,
        "concealed_until": concealed,
        "kept_from_representatives": kept,
    }
    for type_code in TYPES
    for author in ("", PROFESSIONAL_ID, OTHER_ID)
    for depositor in ("", PROFESSIONAL_ID)
    for hidden in (None, NOON)
    for concealed in MOMENTS
    for kept in (False, True)
]


def mostly(value: object, *others: object) -> st.SearchStrategy[object]:
    """`value` in half of the draws: a rule that comes late in the order must be reached often (SEC-03)."""
    return st.sampled_from([value] * max(len(others), 1) + list(others))


rights = st.builds(
    Rights,
    space_open=st.sampled_from([True] * 5 + [False]),
    consent_until=mostly(LATER, *MOMENTS),
    rights_until=mostly(LATER, *MOMENTS),
    blocked=st.booleans(),
    administrator=st.booleans(),
    break_glass_allowed=st.booleans(),
    emergency_call_allowed=st.booleans(),
    masked_in_emergency=st.booleans(),
    readable_types=mostly(frozenset({"11502-2"}), frozenset(), frozenset(TYPES)),
    readable=mostly(frozenset({Section.DOCUMENTS}), frozenset(), frozenset({Section.HISTORY})),
    manageable=mostly(frozenset(), frozenset({Section.DOCUMENTS})),
)
actors = st.fixed_dictionaries(
    {
        "role": mostly(Role.PROFESSIONAL, *(role for role in Role if role is not Role.PROFESSIONAL)),
        "purpose": mostly(Purpose.CARE, Purpose.BREAK_GLASS, Purpose.EMERGENCY_CALL, Purpose.OWN),
        "national_id": st.sampled_from(("", PROFESSIONAL_ID)),
        "rights": rights,
    }
)


class VisibleToTests(TestCase):
    """288 rows, 200 actors: taking one rule out of either side must fail this test."""

    @classmethod
    def setUpTestData(cls):
        cls.space, cls.elsewhere = factories.space(), factories.space()
        for values in VARIANTS:
            document(cls.space, **values)
        cls.rows = list(Document.objects.filter(space=cls.space).order_by("id"))

    @settings(max_examples=200)
    @given(values=actors, in_space=st.sampled_from([True] * 9 + [False]))
    def test_acc_37_sql_agrees_with_python(self, values, in_space):
        space = self.space if in_space else self.elsewhere
        actor = Actor(at=NOON, space_id=space.id, **values)

        listed = set(Document.objects.visible_to(actor).values_list("id", flat=True))

        assert listed == {row.id for row in self.rows if policies.may_read(actor, row)}


CONSENTED = Rights(space_open=True, consent_until=NOON + timedelta(days=1), readable_types=frozenset({"11502-2"}))
DOCTOR = Actor(role=Role.PROFESSIONAL, at=NOON, purpose=Purpose.CARE, national_id=PROFESSIONAL_ID, rights=CONSENTED)


@pytest.mark.django_db
class TestRules:
    """One line of ACC-37 a test; the rule id is what the trail keeps."""

    def decide(self, actor, **values):
        space = factories.space()
        decision = policies.may_read(replace(actor, space_id=space.id), document(space, type_code="11502-2", **values))
        return decision.allowed, decision.rule

    def grant(self, **changes):
        return replace(DOCTOR, rights=replace(CONSENTED, **changes))

    def test_acc_02_consent_and_matrix_permit(self):
        assert self.decide(DOCTOR) == (True, "ACC-02")

    def test_acc_02_silence_is_no_consent(self):
        assert self.decide(self.grant(consent_until=None)) == (False, "ACC-02")

    def test_acc_03_consent_for_one_consultation_ends(self):
        assert self.decide(self.grant(consent_until=NOON)) == (False, "ACC-02")

    def test_acc_09_missing_cell_refuses(self):
        assert self.decide(self.grant(readable_types=frozenset())) == (False, "ACC-09")

    def test_acc_10_blocked_with_consent_is_refused(self):
        assert self.decide(self.grant(blocked=True)) == (False, "ACC-10")

    def test_acc_11_block_does_not_stop_an_allowed_emergency(self):
        actor = replace(
            self.grant(blocked=True, consent_until=None, break_glass_allowed=True), purpose=Purpose.BREAK_GLASS
        )
        assert self.decide(actor) == (True, "ACC-20")

    def test_acc_20_refused_emergency_falls_back_to_consent(self):
        actor = replace(self.grant(consent_until=None), purpose=Purpose.BREAK_GLASS)
        assert self.decide(actor) == (False, "ACC-02")

    def test_acc_31_hidden_document_is_refused(self):
        assert self.decide(DOCTOR, hidden_at=NOON) == (False, "ACC-31")

    def test_acc_12_administrator_sees_hidden_documents(self):
        assert self.decide(self.grant(administrator=True), hidden_at=NOON) == (True, "ACC-02")

    def test_acc_23_hidden_stays_hidden_in_an_emergency_unless_the_holder_said_otherwise(self):
        emergency = replace(self.grant(break_glass_allowed=True), purpose=Purpose.BREAK_GLASS)
        shown = replace(emergency, rights=replace(emergency.rights, masked_in_emergency=True))
        assert self.decide(emergency, hidden_at=NOON) == (False, "ACC-31")
        assert self.decide(shown, hidden_at=NOON) == (True, "ACC-20")

    def test_acc_31_author_reads_his_own_without_consent(self):
        blocked = self.grant(blocked=True, consent_until=None, readable_types=frozenset())
        assert self.decide(blocked, hidden_at=NOON, author_id=PROFESSIONAL_ID) == (True, "ACC-37.author")

    def test_acc_33_kept_from_representatives(self):
        parent = Actor(
            role=Role.REPRESENTATIVE,
            at=NOON,
            rights=Rights(space_open=True, rights_until=NOON + timedelta(days=1)),
        )
        assert self.decide(parent, kept_from_representatives=True) == (False, "ACC-33")
        assert self.decide(parent) == (True, "ACC-37.holder")

    def test_sec_04_right_ends_at_its_second(self):
        parent = Actor(role=Role.REPRESENTATIVE, at=NOON, rights=Rights(space_open=True, rights_until=NOON))
        assert self.decide(parent) == (False, "SEC-04")

    def test_acc_34_not_announced_is_refused_to_the_holder(self):
        holder = Actor(role=Role.HOLDER, at=NOON, rights=Rights(space_open=True))
        assert self.decide(holder, concealed_until=NOON + timedelta(seconds=1)) == (False, "ACC-34")

    def test_space_that_is_not_open_refuses_even_its_author(self):
        actor = replace(DOCTOR, rights=Rights())
        assert self.decide(actor, author_id=PROFESSIONAL_ID) == (False, "ACC-37.space")

    def test_publishers_and_jobs_read_nothing(self):
        for role in (Role.SYSTEM, Role.NOBODY):
            assert self.decide(Actor(role=role, at=NOON, rights=Rights(space_open=True))) == (False, "ACC-37.role")
