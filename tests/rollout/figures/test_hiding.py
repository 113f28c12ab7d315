"""Cells under ten are hidden, and the sums beside them do not give them away."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.rollout.figures.hiding import COLUMNS, FLOOR, Masked, masked, masked_column


def row(people: int, opened: int, opposed: int, activated: int = 0) -> dict[str, int]:
    return {"people": people, "opened": opened, "opposed": opposed, "activated": activated}


def written(table: Masked) -> list[tuple[int | None, ...]]:
    return [tuple(line[column] for column in COLUMNS) for line in (*table.rows, table.total)]


def test_big_cells_are_shown_with_their_sums():
    assert written(masked([row(900, 800, 90, 40), row(500, 450, 45, 20)])) == [
        (900, 800, 90, 40),
        (500, 450, 45, 20),
        (1_400, 1_250, 135, 60),
    ]


def test_one_small_cell_takes_a_second_one_with_it():
    # 3 activated in the first row could be read from 23 − 20.
    assert written(masked([row(900, 800, 90, 3), row(500, 450, 45, 20), row(700, 600, 80, 70)])) == [
        (900, 800, 90, None),
        (500, 450, 45, None),
        (700, 600, 80, 70),
        (2_100, 1_850, 215, 93),
    ]


def test_a_small_opposition_hides_the_openings_beside_it():
    # 900 people less 895 opened would tell 5 opposed.
    assert written(masked([row(900, 895, 5, 40), row(500, 450, 50, 20), row(700, 600, 100, 70)])) == [
        (900, None, None, None),
        (500, None, None, None),
        (700, 600, 100, 70),
        (2_100, 1_945, 155, 130),
    ]


def test_the_activated_do_not_tell_who_opposed():
    # At least the 95 who activated have a space, so that at most 5 of the 100 opposed.
    assert written(masked([row(100, 96, 4, 95), row(500, 450, 50, 20), row(700, 600, 100, 70)]))[0] == (
        100,
        None,
        None,
        None,
    )


def test_a_small_group_is_hidden_whole_and_another_with_it():
    assert written(masked([row(4, 4, 0), row(500, 450, 50, 20), row(700, 600, 100, 70)])) == [
        (None, None, None, None),
        (None, None, None, None),
        (700, 600, 100, 70),
        (1_204, 1_054, 150, 90),
    ]


def test_hidden_cells_that_sum_up_to_little_take_one_more():
    # Two groups with nobody opposed: a sum of 0 would tell both.
    table = masked([row(100, 100, 0, 50), row(100, 100, 0, 50), row(100, 60, 40, 50), row(100, 50, 50, 50)])

    assert [line["opposed"] for line in table.rows] == [None, None, None, 50]
    assert table.total["opposed"] == 90


def test_a_lone_small_group_hides_its_sum_too():
    assert written(masked([row(90, 80, 9, 10)])) == [(90, None, None, None), (90, None, None, None)]


def test_a_small_sum_is_hidden():
    assert written(masked([row(60, 50, 3, 2), row(60, 50, 4, 2)]))[-1] == (120, None, None, None)


def test_nothing_has_no_rows():
    assert masked([]).rows == []


GROUPS = st.lists(
    st.tuples(*(st.integers(min_value=0, max_value=40) for _ in range(4))).map(
        lambda cell: row(sum(cell[:3]) + cell[3], cell[0] + cell[3], cell[1], cell[3])
    ),
    min_size=1,
    max_size=8,
)


@given(GROUPS)
def test_no_cell_under_ten_is_ever_shown(groups):
    table = masked(groups)

    assert all(value is None or value >= FLOOR for line in (*table.rows, table.total) for value in line.values())


@given(GROUPS)
def test_what_is_shown_is_true(groups):
    table = masked(groups)

    for line, shown in zip(groups, table.rows, strict=True):
        assert all(value is None or value == line[column] for column, value in shown.items())
    for column, value in table.total.items():
        assert value is None or value == sum(line[column] for line in groups)


@given(GROUPS)
def test_no_column_hides_one_cell_alone(groups):
    table = masked(groups)

    for column in COLUMNS:
        hidden = [place for place, line in enumerate(table.rows) if line[column] is None]
        assert len(hidden) != 1 or table.total[column] is None


SMALL_FLOOR = 3
SMALL = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2), st.integers(0, 5)).map(
        lambda cell: row(sum(cell[:3]), cell[0], cell[1], min(cell[0], cell[3]))
    ),
    min_size=2,
    max_size=3,
)


def possible(groups: list[dict[str, int]], table: Masked) -> dict[tuple[int, str], set[int]]:
    """Every value that each hidden cell may have, for somebody who knows all that is shown and nothing else."""
    hidden = [(place, column) for column in COLUMNS for place, line in enumerate(table.rows) if line[column] is None]
    found: dict[tuple[int, str], set[int]] = {cell: set() for cell in hidden}
    people, opened, opposed, activated = (_fillings(groups, table, column) for column in COLUMNS)
    for p, o in product(people, opened):
        if not _fits(o, p):
            continue
        own = {"people": [p], "opened": [o]}
        own["opposed"] = [r for r in opposed if _fits([x + y for x, y in zip(o, r, strict=True)], p)]
        own["activated"] = [a for a in activated if _fits(a, o)]
        if all(own.values()):
            for place, column in hidden:
                found[place, column] |= {values[place] for values in own[column]}
    return found


def _fits(parts, wholes) -> bool:
    return all(part <= whole for part, whole in zip(parts, wholes, strict=True))


def _fillings(groups, table, column) -> list[tuple[int, ...]]:
    """Columns that agree with the shown cells and, where it is shown, with the sum."""
    most = max(sum(line[column] for line in groups), 1)
    ranges = [[line[column]] if line[column] is not None else range(most + 1) for line in table.rows]
    total = table.total[column]
    return [values for values in product(*ranges) if total is None or sum(values) == total]


@settings(max_examples=100, deadline=None)
@given(SMALL)
def test_no_hidden_cell_can_be_worked_out(groups):
    table = masked(groups, floor=SMALL_FLOOR)

    for cell, values in possible(groups, table).items():
        assert len(values) > 1, (cell, values)


def test_a_small_number_of_a_list_takes_a_second_one_with_it():
    assert masked_column([612, 40, 3]) == ([612, None, None], 655)
    assert masked_column([612, 40, 0, 2, 0]) == ([612, None, None, None, None], 654)
    assert masked_column([612, 40, 6, 5]) == ([612, 40, None, None], 663)
    assert masked_column([4, 0, 3]) == ([None, None, None], None)
    assert masked_column([]) == ([], None)


@settings(max_examples=200)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_no_number_of_a_list_can_be_worked_out(numbers):
    shown, total = masked_column(numbers)

    missing = shown.count(None)
    assert all(value is None or value == number >= FLOOR for value, number in zip(shown, numbers, strict=True))
    assert total in {None, sum(numbers)}
    if total is not None and missing:
        assert missing > 1
        assert total - sum(value or 0 for value in shown) >= FLOOR
