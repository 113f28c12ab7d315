"""The sheet adds up in both columns, and says so when it does not."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apps.rollout.figures.differences import Difference
from apps.rollout.figures.outcomes import Cell, Outcome
from apps.rollout.figures.sheets import Detail, sheet

ONE = UUID(int=1)


def cell(by_state: Outcome, people: int, *, detail: str = "X", by_fact: Outcome | None = None) -> Cell:
    return Cell(wave_id=None, by_state=by_state, detail=detail, by_fact=by_fact or by_state, people=people, example=ONE)


def test_a_sheet_by_hand():
    found = sheet(
        [
            cell(Outcome.OPENED, 900, detail="OPEN"),
            cell(Outcome.OPENED, 50, detail="OPEN_ACTIVE"),
            cell(Outcome.OPPOSED, 30),
            cell(Outcome.HELD, 4, detail="claim"),
            cell(Outcome.HELD, 6, detail="returned"),
            cell(Outcome.WAITING, 10),
        ]
    )

    assert (found.people, found.by_state, found.by_fact) == (1_000, 1_000, 1_000)
    assert {line.outcome.value: (line.by_state, line.by_fact) for line in found.lines} == {
        "opened": (950, 950),
        "opposed": (30, 30),
        "held": (10, 10),
        "failed": (0, 0),
        "dead": (0, 0),
        "not-eligible": (0, 0),
        "waiting": (10, 10),
    }
    assert found.lines[2].details == (Detail(code="claim", people=4), Detail(code="returned", people=6))
    assert found.differences == ()


def test_two_columns_that_agree_by_chance_do_not_hide_two_wrong_people():
    found = sheet([cell(Outcome.OPENED, 1, by_fact=Outcome.OPPOSED), cell(Outcome.OPPOSED, 1, by_fact=Outcome.OPENED)])

    assert all(line.agrees for line in found.lines)
    assert [difference.code for difference in found.differences] == ["opened/opposed", "opposed/opened"]


def test_differences_of_other_checks_stand_below():
    other = Difference(code="sent-without-notice", count=2, example=ONE)

    assert sheet([], more=[other]).differences == (other,)


@given(
    st.lists(
        st.builds(
            cell, st.sampled_from(Outcome), st.integers(1, 99), detail=st.sampled_from("AB"),
            by_fact=st.sampled_from(Outcome),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_both_columns_sum_up_to_the_people(cells):
    found = sheet(cells)

    assert found.people == found.by_state == found.by_fact
    assert all(sum(detail.people for detail in line.details) == line.by_state for line in found.lines)
