"""Rows of RO-10 as the page and the file write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rollout.figures.counting import AGES, Day, Delay, Group
from apps.rollout.figures.rates import Rates
from apps.rollout.figures.sums import Sums
from apps.rollout.models import Channel
from apps.rollout.views import progress_lines
from apps.rollout.views.progress_lines import HIDDEN
from tests.harness.clock import NOON

pytestmark = pytest.mark.usefixtures("french")


def plain(text: str) -> str:
    """With one kind of space."""
    return " ".join(text.split())


def group(department: str, people: int, opened: int, opposed: int, activated: int = 50, age: int = 2) -> Group:
    return Group(
        stage="pilot",
        department=department,
        age=age,
        people=people,
        opened=opened,
        activated=activated,
        opposed=opposed,
    )


def sums(**values: int | None) -> Rates:
    return Rates(**{"key": "", "people": None, "opened": None, "opposed": None, "activated": None, **values})


def fact(name: str, number: int) -> Day:
    return Day(wave_id=None, day=NOON.date(), name=name, number=number)


def test_the_funnel_of_the_real_pilot():
    # ROL-02: 3,391,505 notices, 3,309,640 spaces, some 168,000 activated.
    total = sums(people=3_391_505, opened=3_309_640, opposed=23_180, activated=168_000)

    drawn = progress_lines.funnel_of(Sums(people=3_400_000, noticed=3_391_505), total)

    assert [(step.label, step.number, plain(step.share)) for step in drawn.steps] == [
        ("Personnes des vagues", 3_400_000, "100,0 %"),
        ("Notification envoyée", 3_391_505, "99,8 %"),
        ("Envoyés et aboutis", 3_391_505, "99,8 %"),
        ("Espace ouvert", 3_309_640, "97,3 %"),
        ("Espace activé", 168_000, "4,9 %"),
    ]
    assert [bar.width for bar in drawn.chart.bars] == ["360", "359.1", "359.1", "350.4", "17.8"]


def test_the_rate_of_oppositions_has_its_own_denominator():
    # ROL-22: 23,180 of those who are done, not of all notices.
    words = progress_lines.denominator_words(sums(people=3_332_820, opened=3_309_640, opposed=23_180, activated=900))

    assert "(3 332 820 personnes). Opposition : 0,7 %. Ouverture : 99,3 %. Activation : 0,0 %." in plain(words)


def test_rates_of_nobody_are_no_number():
    words = plain(progress_lines.denominator_words(progress_lines.total_of([])))

    assert f"({HIDDEN} personnes). Opposition : {HIDDEN}. Ouverture : {HIDDEN}." in words


def test_what_the_tables_hide_is_nowhere_else_on_the_page():
    """One department with five oppositions: its row is the whole stage, so that every sum of the page would tell."""
    groups = [group("31", 200, 195, 5, activated=40)]
    total = progress_lines.total_of(groups)

    funnel = progress_lines.funnel_of(Sums(people=230, noticed=220), total)
    _notices, oppositions = progress_lines.channels_of([fact("opposed-online", 11)], total)

    assert [step.shown for step in funnel.steps] == ["230", "220", "200", HIDDEN, HIDDEN]
    assert [(bar.value, bar.width) for bar in funnel.chart.bars[3:]] == [(HIDDEN, "0"), (HIDDEN, "0")]
    assert plain(funnel.chart.summary) == "Sur 230 personnes, … ont un espace ouvert et … l'ont activé."
    assert f"(200 personnes). Opposition : {HIDDEN}. Ouverture : {HIDDEN}. Activation : {HIDDEN}." in plain(
        progress_lines.denominator_words(total)
    )
    assert {step.number for step in oppositions.steps} == {None}
    assert {(bar.value, bar.width) for bar in oppositions.chart.bars} == {(HIDDEN, "0")}
    assert oppositions.chart.summary == "… en tout."
    assert progress_lines.hides((), (funnel,))


def test_a_shown_step_may_follow_a_hidden_one():
    funnel = progress_lines.funnel_of(Sums(people=90, noticed=80), sums(people=60, opened=None, activated=30))

    assert [step.shown for step in funnel.steps] == ["90", "80", "60", HIDDEN, "30"]
    assert [bar.width for bar in funnel.chart.bars] == ["360", "320", "240", "0", "120"]


def test_every_channel_has_a_bar_even_at_zero():
    days = [
        fact("sent-mail", 300), fact("sent-post", 100), fact("opposed-counter", 4), fact("opposed-online", 90),
        fact("opposed-phone", 20), fact("opened", 999),
    ]  # fmt: skip

    notices, oppositions = progress_lines.channels_of(days, sums(people=999, opened=900, opposed=99))

    assert [(step.number, plain(step.share)) for step in notices.steps] == [(300, "75,0 %"), (100, "25,0 %")]
    # Four at a counter: hidden with the twenty by phone, from which the sum would tell them.
    assert [(step.number, plain(step.share)) for step in oppositions.steps] == [
        (90, "78,9 %"), (None, HIDDEN), (None, HIDDEN), (None, HIDDEN), (None, HIDDEN),
    ]  # fmt: skip
    assert len(oppositions.chart.bars) == len(Channel)
    assert plain(notices.chart.summary) == "400 en tout."


def test_a_hidden_number_hides_its_share():
    departments, _ages = progress_lines.rate_tables(
        [group("31", 500, 450, 40), group("44", 300, 280, 4), group("80", 400, 350, 45)]
    )

    assert [(row.label, row.opened, row.opposed, plain(row.opposed_share)) for row in departments.rows] == [
        ("31", "450", "40", "8,0 %"),
        ("44", HIDDEN, HIDDEN, HIDDEN),
        ("80", HIDDEN, HIDDEN, HIDDEN),
    ]
    assert departments.hides
    assert departments.total.opposed == "89"


def test_a_department_that_nobody_knows_has_words():
    departments, _ages = progress_lines.rate_tables([group("", 500, 450, 40), group("31", 300, 250, 40)])

    assert [row.label for row in departments.rows] == ["31", "inconnu"]


def test_the_file_has_a_line_a_row_and_one_a_sum():
    tables = progress_lines.rate_tables([group("31", 500, 450, 40), group("44", 300, 250, 40, age=5)])

    rows = [[plain(cell) for cell in row] for row in progress_lines.sheet_rows(tables)]

    assert [row[:3] for row in rows] == [
        ["Par département", "31", "500"],
        ["Par département", "44", "300"],
        ["Par département", "Ensemble", "800"],
        ["Par âge", "30 à 44 ans", "500"],
        ["Par âge", "75 ans et plus", "300"],
        ["Par âge", "Ensemble", "800"],
    ]
    assert all(len(row) == len(progress_lines.sheet_header()) for row in rows)


@given(
    st.lists(
        st.builds(
            group,
            st.sampled_from(["31", "44", "80", "2A", ""]),
            st.just(100),
            st.integers(0, 60),
            st.integers(0, 40),
            activated=st.integers(0, 30),
            age=st.integers(0, len(AGES)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_row_of_page_or_file_has_a_number_under_ten(groups):
    for row in progress_lines.sheet_rows(progress_lines.rate_tables(groups)):
        numbers = [int(plain(cell).replace(" ", "")) for cell in (row[2], row[3], row[4], row[6]) if cell != HIDDEN]
        assert all(number >= 10 for number in numbers)
        assert row[4] != HIDDEN or row[5] == HIDDEN


def test_openings_come_before_activations():
    sentences = progress_lines.delay_words(
        [
            Delay(stage="pilot", name="activation", people=10, median=2.04, most=30.0),
            Delay(stage="pilot", name="opening", people=10, median=43.0, most=44.96),
        ]
    )

    assert [plain(sentence) for sentence in sentences] == [
        "La moitié des espaces se sont ouverts en 43 jours après la notification, neuf sur dix en 45.",
        "La moitié des activations ont eu lieu en 2 jours après l'ouverture, neuf sur dix en 30.",
    ]
    assert progress_lines.delay_words([]) == ()


def test_times_of_few_people_are_not_told():
    assert progress_lines.delay_words([Delay(stage="pilot", name="opening", people=9, median=43.0, most=44.0)]) == ()
