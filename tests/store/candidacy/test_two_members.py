"""Whatever two members save in whatever order, no answer is lost unseen (S34)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.store.models import Answer, Candidacy
from apps.store.services import answering
from apps.store.services.answering import EMPTY, Content, Entry, content_of
from tests.harness.clock import NOON
from tests.store import factories

CODES = ("CRI-SEC-06", "CRI-SEC-09", "CRI-ETH-01")
WORDS = st.sampled_from(["", "un", "deux", "trois"])

LOOK, TYPE, SAVE, TAKE = "look", "type", "save", "take"
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([LOOK, TYPE, TYPE, SAVE, TAKE]), st.sampled_from(CODES), WORDS),
    max_size=40,
)


@dataclass
class Page:
    """An open page of one member: what it showed, what they have typed since."""

    shown: dict[str, Answer | None] = field(default_factory=dict)
    typed: dict[str, Content] = field(default_factory=dict)
    known: set[tuple[str, int]] = field(default_factory=set)  # code and version of answers that they have seen

    def look(self, candidacy: Candidacy) -> None:
        rows = {row.criterion: row for row in candidacy.answers.all()}
        self.shown = {code: rows.get(code) for code in CODES}
        self.typed = {code: content_of(row) for code, row in self.shown.items()}
        self.know()

    def know(self) -> None:
        self.known |= {(code, row.version if row else 0) for code, row in self.shown.items()}

    def entries(self) -> list[Entry]:
        return [
            Entry(
                criterion=code,
                content=self.typed[code],
                version=row.version if row else 0,
                mark=content_of(row).mark,
            )
            for code, row in self.shown.items()
        ]


class TestTwoPages(TestCase):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def test_s34_nothing_is_overwritten_that_its_author_had_not_seen(self, steps):
        owner = factories.member()
        people = [owner, factories.member(publisher=owner.publisher, roles=["technical"], name="Marc")]
        draft, pages = factories.candidacy(by=owner), [Page(), Page()]
        for page in pages:
            page.look(draft)
        for who, act, code, word in steps:
            page = pages[who]
            if act == LOOK:
                page.look(draft)
            elif act == TYPE:
                page.typed[code] = Content(value="", comment=word, data={})
            elif act == TAKE:  # they leave theirs and take the answer that stands
                rows = {row.criterion: row for row in draft.answers.all()}
                page.shown[code] = rows.get(code)
                page.typed[code] = content_of(rows.get(code))
                page.know()
            else:
                self._save(people[who], draft, page)

    def _save(self, member, draft, page):
        before = {row.criterion: row for row in draft.answers.all()}
        saved = answering.save_answers(
            actor=factories.as_publisher(member), candidacy_id=draft.id, section="x", entries=page.entries(), at=NOON
        )
        after = {row.criterion: row for row in draft.answers.all()}
        for code in CODES:
            was, now = before.get(code), after.get(code)
            if code in saved.written:
                # It replaced nothing, or an answer that stood on their page; and it says what they have typed.
                assert (code, was.version if was else 0) in page.known
                assert content_of(now) == page.typed[code]
                assert now.declared_by_id == member.user_id
            else:
                assert content_of(now) == content_of(was)
                # What they have typed stands there already, was not touched, or comes back as a clash: never silence.
                clashing = {clash.criterion for clash in saved.clashes}
                untouched = page.typed[code].mark == content_of(page.shown[code]).mark
                assert code in clashing or untouched or page.typed[code].mark == content_of(now).mark
        for clash in saved.clashes:
            assert clash.mine == page.typed[clash.criterion]
            assert content_of(clash.theirs) == content_of(after[clash.criterion])
            page.shown[clash.criterion] = clash.theirs  # the page shows both
        for code in saved.written:
            page.shown[code] = after[code]
        page.know()


@pytest.mark.django_db
def test_an_empty_answer_has_the_mark_of_no_answer():
    made = factories.candidacy()
    row = Answer(candidacy=made, criterion=CODES[0], declared_at=NOON)
    assert content_of(row).mark == EMPTY.mark == content_of(None).mark
