"""REL-01: every task twice, late, twice at once and after its row moved on is the task once.

Each task of the portal has a scene in `tests/security/scenes`; a task without one makes this module fail.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from celery import Task
from django.conf import settings as portal_settings
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase

from apps.common.ids import uuid7
from ens_portal.celery import app
from tests.architecture.sources import python_files
from tests.harness import broker
from tests.security.interleaving import Stop, before_statement, before_the_first_change, beside_itself
from tests.security.portal_state import PortalState, messages, portal_state, without_chance
from tests.security.scenes import SCENES, Ids, Scene, World

MINUTE = timedelta(minutes=1)
# Tasks that an act queues with ids, and the one of the clock that finds their work when the broker forgot it.
FOUND_BY = {
    "dmp.index": "dmp.sweep",
    "dmp.prepare": "dmp.sweep",
    "files.scan": "files.sweep",
    "journeys.apply_request": "journeys.apply_requests",
    "notifications.deliver": "notifications.sweep",
    "rollout.note_sign_in": "rollout.note_forgotten_sign_ins",
    "store.advance": "store.sweep_steps",
    "store.look_for_secrets": "store.sweep_evidence",
}
WITH_IDS = [(scene, move) for scene in SCENES for move in scene.moves]


@pytest.fixture
def world(tmp_path: Path, settings, monkeypatch) -> World:
    broker.empty_queues()
    return World(folder=tmp_path, settings=settings, monkeypatch=monkeypatch)


def tasks() -> dict[str, Task]:
    """Those of the portal; Celery's own begin with its name."""
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def run(scene: Scene, ids: Ids, *, after: timedelta = timedelta()) -> None:
    """As a worker does: what waits for the commit is done at the end."""
    with time_machine.travel(scene.at + after, tick=False), TestCase.captureOnCommitCallbacks(execute=True):
        tasks()[scene.task](**ids)


def built(scene: Scene, world: World) -> Ids:
    with time_machine.travel(scene.at, tick=False):
        return scene.build(world)


def state(scene: Scene, world: World) -> PortalState:
    return portal_state(world.folder, but=scene.looked_at)


class TestList:
    def test_rel_01_every_task_has_a_scene_and_every_scene_a_task(self):
        shown = {scene.task for scene in SCENES}

        assert set(tasks()) - shown == set(), "tasks without a scene"
        assert shown - set(tasks()) == set(), "scenes of no task"

    def test_rel_01_a_task_with_ids_says_how_its_row_may_move_on(self):
        assert {scene.task for scene, _move in WITH_IDS} == set(FOUND_BY)

    def test_rel_03_every_task_is_on_the_clock_or_one_that_is_finds_its_work(self):
        on_the_clock = {entry["task"] for entry in portal_settings.CELERY_BEAT_SCHEDULE.values()}

        assert set(tasks()) - on_the_clock == set(FOUND_BY)
        assert set(FOUND_BY.values()) <= on_the_clock <= set(tasks())

    def test_what_is_not_on_the_clock_is_queued_by_an_act(self):
        code = "\n".join(path.read_text(encoding="utf-8") for path in python_files("apps"))
        queued = set(re.findall(r"enqueue\((?:\w+\.)?(\w+)", code))

        assert {tasks()[name].run.__name__ for name in FOUND_BY} - queued == set()


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["dmp.prepare", "files.scan", "journeys.apply_request", "notifications.deliver"])
def test_rel_03_what_the_queue_lost_is_done_by_the_clock(lost, world):
    """Whole: the lost task finds nothing left to do. The fifth one is in tests/rollout/test_first_sign_in.py."""
    scene = next(scene for scene in SCENES if scene.task == lost)
    ids = built(scene, world)
    before = state(scene, world)

    run(replace(scene, task=FOUND_BY[lost]), {}, after=MINUTE)
    for message in messages():
        if message.task == lost:  # the sweep of documents queues it again
            run(scene, message.ids, after=MINUTE)

    done = state(scene, world)
    assert done != before
    run(scene, ids, after=MINUTE)
    assert state(scene, world) == done


@pytest.mark.django_db
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_rel_01_twice_in_a_row_and_late_is_once(scene, world):
    ids = built(scene, world)
    before = state(scene, world)

    run(scene, ids)

    once = state(scene, world)
    assert messages() if scene.only_queues else once != before, "the scene gives no work"
    for after in (timedelta(), MINUTE):
        run(scene, ids, after=after)
        again = state(scene, world)
        assert (again.gained(once), again.lost(once)) == ({}, {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_rel_01_twice_at_once_is_once(scene, tmp_path, world):
    """The first run knows what is due and stands still; the second one does what it can; then the first goes on."""
    wanted = changes_of_one(scene, replace(world, folder=tmp_path / "alone"))

    found = changes(scene, replace(world, folder=tmp_path / "both"), AtOnce(scene=scene, stop=before_the_first_change))

    assert apart(found, wanted) == [({}, {}), ({}, {})]


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_rel_01_wherever_the_second_run_begins_it_is_once(scene, tmp_path, world):
    """Every statement of the first run; the rows of one round are those that the next one finds."""
    wanted = changes_of_one(scene, replace(world, folder=tmp_path / "alone"))
    stood, number = True, 0
    while stood:
        place = replace(world, folder=tmp_path / str(number))
        act = AtOnce(scene=scene, stop=before_statement(number))
        found = changes(scene, place, act)
        assert apart(found, wanted) == [({}, {}), ({}, {})], number
        call_command("flush", interactive=False, inhibit_post_migrate=True)
        stood, number = act.stood, number + 1


def changes_of_one(scene: Scene, world: World) -> tuple[Counter[str], Counter[str]]:
    """Of one run alone; its rows are taken back."""
    with transaction.atomic():
        found = changes(scene, world, lambda ids: run(scene, ids))
        transaction.set_rollback(True)
    return found


@dataclass(kw_only=True)
class AtOnce:
    """The task twice; `stood`: the first run came to its stop."""

    scene: Scene
    stop: Stop
    stood: bool = False

    def __call__(self, ids: Ids) -> None:
        with time_machine.travel(self.scene.at, tick=False):
            self.stood = beside_itself(lambda: tasks()[self.scene.task](**ids), stop=self.stop)


def apart(found: tuple[Counter[str], ...], wanted: tuple[Counter[str], ...]) -> list[tuple[Counter[str], Counter[str]]]:
    """What is there too much and what is missing, of what came and of what went."""
    return [(here - there, there - here) for here, there in zip(found, wanted, strict=True)]


def changes(scene: Scene, world: World, act: Callable[[Ids], object]) -> tuple[Counter[str], Counter[str]]:
    """What is there afterwards that was not before, and the reverse."""
    world.folder.mkdir()
    ids = built(scene, world)
    before = state(scene, world)
    act(ids)
    after = state(scene, world)
    return without_chance(after.gained(before)), without_chance(after.lost(before))


@pytest.mark.django_db
@pytest.mark.parametrize(("scene", "move"), WITH_IDS, ids=str)
def test_rel_01_after_its_row_moved_on_nothing_happens(scene, move, world):
    ids = built(scene, world)
    with time_machine.travel(scene.at, tick=False):
        scene.moves[move](ids)
    moved_on = state(scene, world)

    for after in (timedelta(), MINUTE):
        run(scene, ids, after=after)

    found = state(scene, world)
    assert (found.gained(moved_on), found.lost(moved_on)) == ({}, {})


@pytest.mark.django_db
@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.moves], ids=str)
def test_rel_01_ids_of_nothing_do_nothing(scene, world):
    ids = {name: str(uuid7()) if name.endswith("_id") else value for name, value in built(scene, world).items()}
    before = state(scene, world)

    run(scene, ids)

    assert state(scene, world) == before
