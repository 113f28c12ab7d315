"""Small registers are counted for each page, big ones by the job."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from apps.rollout import tasks
from apps.rollout.figures import kept
from apps.rollout.jobs.keeping import SHEETS, keep_figures
from apps.rollout.models import KeptFigures
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths

pytestmark = pytest.mark.django_db
READS = {
    "standings": kept.standings,
    "notices": kept.notices,
    "days": kept.days,
    "groups": kept.groups,
    "delays": kept.delays,
    "outcomes": kept.outcomes,
    "differences": kept.differences,
}


@pytest.fixture
def big(monkeypatch):
    """Every register counts as a big one."""
    monkeypatch.setattr(kept, "SMALL", -2)


def test_a_small_register_is_counted_at_once():
    factories.person()

    found = kept.standings(NOON)
    assert (found.at, [row.people for row in found.items]) == (NOON, [1])
    assert keep_figures(at=NOON) == 0
    assert KeptFigures.objects.count() == 0


def test_there_is_a_reader_for_every_kind():
    assert set(READS) == set(KeptFigures.Kind)


@pytest.mark.parametrize("kind", READS)
def test_what_was_kept_reads_like_what_is_counted(big, kind):
    wave = factories.opening_wave()
    paths.opened(wave=wave, space={"account_activated_at": NOON})
    paths.opposed(wave=wave)
    paths.queued()
    counted = READS[kind](NOON)
    assert KeptFigures.objects.count() == 0

    assert keep_figures(at=NOON) == 7
    assert READS[kind](NOON + timedelta(minutes=4)) == counted
    assert counted.items


def test_a_big_register_shows_the_hour_of_the_count(big):
    keep_figures(at=NOON)
    factories.person()

    found = kept.standings(NOON + timedelta(minutes=4))
    assert (found.at, found.items) == (NOON, [])


def test_the_comparison_is_made_once_an_hour_and_the_rest_each_time(big):
    keep_figures(at=NOON)

    assert keep_figures(at=NOON + SHEETS - timedelta(minutes=1)) == 5
    assert keep_figures(at=NOON + SHEETS) == 7


def test_rel_01_keeping_twice_keeps_once(big):
    factories.person()
    keep_figures(at=NOON)
    keep_figures(at=NOON)

    assert KeptFigures.objects.count() == 7
    assert [row.people for row in kept.standings(NOON).items] == [1]


def test_the_task_keeps_them_and_beat_asks_for_it(big, settings):
    factories.person()
    with time_machine.travel(NOON, tick=False):
        tasks.keep_figures()

    assert {row.kind: row.made_at for row in KeptFigures.objects.all()} == dict.fromkeys(KeptFigures.Kind, NOON)
    assert settings.CELERY_BEAT_SCHEDULE["rollout.keep_figures"]["task"] == tasks.keep_figures.name


def test_the_task_of_a_newer_version_may_say_more(big):
    tasks.keep_figures(kind="standings")

    assert KeptFigures.objects.count() == 7
