"""Answers saved section by section, by two members at once (STO-28, STO-29, PU-05, PU-07, S34)."""

from __future__ import annotations

import pytest

from apps.access import AccessDeniedError
from apps.audit.services import events_of
from apps.store import subjects
from apps.store.models import Answer
from apps.store.services import answering
from apps.store.services.answering import EMPTY, Content, Entry, content_of
from apps.store.services.errors import LockedError, UnknownRowError, WrongValueError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import later

pytestmark = pytest.mark.django_db
CODE, OTHER = "CRI-SEC-06", "CRI-SEC-09"
YES = Content(value="conforme", comment="Oui.", data={})
NO = Content(value="non_conforme", comment="Pas encore.", data={})


@pytest.fixture
def draft(pia):
    return factories.candidacy(by=pia)


def save(by, candidacy, *entries, at=NOON):
    return answering.save_answers(
        actor=factories.as_publisher(by), candidacy_id=candidacy.id, section="securite", entries=entries, at=at
    )


def seen(candidacy, code=CODE) -> Answer:
    return candidacy.answers.get(criterion=code)


def entry(content, row=None, code=CODE) -> Entry:
    return Entry(criterion=code, content=content, version=row.version if row else 0, mark=content_of(row).mark)


class TestSaving:
    def test_sto_29_value_comment_fields_author_and_hour(self, pia, draft):
        content = Content(value="conforme", comment="TLS 1.3.", data={"hosts": ["www.souffle.example"]})
        saved = save(pia, draft, entry(content, code="CRI-SEC-01"), at=later(1))
        row = seen(draft, "CRI-SEC-01")
        assert saved.written == ("CRI-SEC-01",)
        assert (row.value, row.comment, row.data) == ("conforme", "TLS 1.3.", {"hosts": ["www.souffle.example"]})
        assert (row.declared_by_id, row.declared_at, row.version) == (pia.user_id, later(1), 1)

    def test_the_trail_names_the_section_and_the_number_and_no_words(self, pia, draft):
        save(pia, draft, entry(YES))
        line = events_of(draft.publisher_id)[0]
        assert (line.action, line.target) == ("store.candidacy.save", f"candidacy:{draft.id}")
        assert line.facts == {"section": "securite", "answers": 1, "clashes": 0}

    def test_each_saving_counts_the_version_up(self, pia, draft):
        save(pia, draft, entry(YES))
        save(pia, draft, entry(NO, seen(draft)))
        assert (seen(draft).value, seen(draft).version) == ("non_conforme", 2)

    def test_what_stands_there_as_it_was_shown_is_not_written(self, pia, draft):
        save(pia, draft, entry(YES))
        saved = save(pia, draft, entry(YES, seen(draft)), at=later(3))
        assert saved.written == ()
        assert (seen(draft).version, seen(draft).declared_at) == (1, NOON)
        draft.refresh_from_db()
        assert draft.touched_at == NOON

    def test_an_empty_page_writes_nothing(self, pia, draft):
        assert save(pia, draft, entry(EMPTY), entry(EMPTY, code=OTHER)).written == ()
        assert draft.answers.count() == 0

    def test_an_answer_may_be_emptied(self, pia, draft):
        save(pia, draft, entry(YES))
        save(pia, draft, entry(EMPTY, seen(draft)))
        assert content_of(seen(draft)) == EMPTY

    def test_ends_of_lines_of_a_browser_are_no_change(self, pia, draft):
        save(pia, draft, entry(Content(value="", comment="Un.\nDeux.", data={})))
        again = Content(value="", comment="Un.\r\nDeux.\r\n", data={})
        assert save(pia, draft, entry(again, seen(draft))).written == ()

    def test_a_criterion_that_does_not_exist_is_refused(self, pia, draft):
        with pytest.raises(WrongValueError):
            save(pia, draft, entry(YES), entry(YES, code="CRI-XXX-01"))
        assert draft.answers.count() == 0

    def test_sto_28_one_that_has_stopped_to_apply_is_kept_and_not_shown(self, pia, draft):
        save(pia, draft, entry(YES, code="CRI-SEC-07"))
        assert seen(draft, "CRI-SEC-07").value == "conforme"
        assert "CRI-SEC-07" not in {criterion.code for criterion in subjects.criteria_of(draft)}


class TestTwoMembers:
    def test_s34_the_second_one_overwrites_nothing_and_gets_both(self, pia, marc, draft):
        save(marc, draft, entry(NO), at=later(1))
        saved = save(pia, draft, entry(YES))
        [clash] = saved.clashes
        assert saved.written == ()
        assert clash.mine == YES
        assert (clash.theirs.value, clash.theirs.declared_by_id, clash.theirs.declared_at) == (
            "non_conforme", marc.user_id, later(1),
        )  # fmt: skip
        assert (seen(draft).value, seen(draft).version) == ("non_conforme", 1)

    def test_s34_all_the_rest_of_the_page_is_saved(self, pia, marc, draft):
        save(marc, draft, entry(NO))
        saved = save(pia, draft, entry(YES), entry(YES, code=OTHER))
        assert saved.written == (OTHER,)
        assert seen(draft, OTHER).value == "conforme"

    def test_s34_having_seen_the_other_one_they_may_decide(self, pia, marc, draft):
        save(marc, draft, entry(NO))
        [clash] = save(pia, draft, entry(YES)).clashes
        assert save(pia, draft, entry(YES, clash.theirs)).written == (CODE,)
        assert (seen(draft).value, seen(draft).version) == ("conforme", 2)

    def test_s34_a_third_change_in_between_is_seen_again(self, pia, marc, draft):
        save(marc, draft, entry(NO))
        [clash] = save(pia, draft, entry(YES)).clashes
        save(marc, draft, entry(Content(value="en_cours", data={}), seen(draft)))
        [again] = save(pia, draft, entry(YES, clash.theirs)).clashes
        assert again.theirs.value == "en_cours"

    def test_s34_an_answer_that_only_stood_on_an_old_page_does_not_come_back(self, pia, marc, draft):
        save(pia, draft, entry(YES))
        old = seen(draft)
        save(marc, draft, entry(NO, old))
        saved = save(pia, draft, entry(YES, old), entry(YES, code=OTHER))
        assert (saved.written, saved.clashes) == ((OTHER,), ())
        assert seen(draft).value == "non_conforme"

    def test_s34_the_same_words_are_no_quarrel(self, pia, marc, draft):
        save(marc, draft, entry(YES))
        saved = save(pia, draft, entry(YES))
        assert (saved.written, saved.clashes) == ((), ())
        assert seen(draft).declared_by_id == marc.user_id


class TestWho:
    @pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
    def test_pu_07_once_sent_nothing_is_saved(self, pia, status):
        sent = factories.candidacy(status, by=pia)
        with pytest.raises(LockedError):
            save(pia, sent, entry(YES))
        assert sent.answers.count() == 0

    def test_that_of_another_publisher_does_not_exist(self, pia):
        with pytest.raises(UnknownRowError):
            save(pia, factories.candidacy(), entry(YES))

    def test_sto_13_a_right_that_was_taken_away_meanwhile(self, pia, marc, draft):
        actor_of_marc = factories.as_publisher(marc)
        marc.ended_at, marc.ended_by = NOON, pia.user
        marc.save()
        with pytest.raises(AccessDeniedError):
            answering.save_answers(
                actor=actor_of_marc, candidacy_id=draft.id, section="securite", entries=[entry(YES)], at=NOON
            )
