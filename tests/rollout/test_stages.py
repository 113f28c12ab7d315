"""Which stage of the roll-out a page of figures shows (decisions.md 38)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.utils import translation

from apps.rollout.models import Wave
from apps.rollout.views.stages import Chosen, chosen

PILOT, GENERAL = Wave.Stage.PILOT, Wave.Stage.GENERAL


def wave(number: int, stage: Wave.Stage) -> Wave:
    return Wave(id=uuid4(), number=number, name="Somme", stage=stage)


def seen(*waves: Wave, query: str = "") -> Chosen:
    with translation.override("fr"):
        return chosen(RequestFactory().get(f"/deploiement/{query}"), waves)


def test_without_a_wave_it_is_the_pilot():
    assert seen() == Chosen(stage=PILOT, waves=(), tabs=())


def test_without_a_wish_it_is_the_stage_of_the_latest_wave():
    assert seen(wave(1, PILOT)).stage is PILOT
    assert seen(wave(1, PILOT), wave(2, GENERAL)).stage is GENERAL
    assert seen(wave(2, GENERAL), wave(1, PILOT)).stage is GENERAL


@pytest.mark.parametrize(("query", "stage"), [("?etape=pilote", PILOT), ("?etape=generalisation", GENERAL)])
def test_the_address_chooses(query, stage):
    assert seen(wave(1, PILOT), wave(2, GENERAL), query=query).stage is stage


@pytest.mark.parametrize("query", ["?etape=", "?etape=tout", "?etape=PILOTE", "?autre=pilote"])
def test_what_is_no_stage_is_no_wish(query):
    assert seen(wave(1, PILOT), wave(2, GENERAL), query=query).stage is GENERAL


def test_waves_of_the_other_stage_are_left_out():
    first, second, third = wave(1, PILOT), wave(2, GENERAL), wave(3, PILOT)

    found = seen(first, second, third)
    assert found.waves == (first, third)
    assert found.wave_ids == {first.pk, third.pk}
    assert None not in found.wave_ids


def test_there_are_tabs_when_there_are_two_stages():
    found = seen(wave(1, PILOT), wave(2, GENERAL))

    assert [(tab.label, tab.url, tab.is_current) for tab in found.tabs] == [
        ("pilote", "?etape=pilote", False),
        ("généralisation", "?etape=generalisation", True),
    ]
    assert seen(wave(1, GENERAL), wave(2, GENERAL)).tabs == ()


@pytest.mark.parametrize("stage", Wave.Stage)
def test_links_keep_the_stage(stage):
    query = seen(wave(1, stage)).query

    assert seen(wave(1, PILOT), wave(2, GENERAL), query=query).stage is stage
