"""The sheet as operators see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.common.ids import uuid7
from apps.rollout.models import Channel
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def rows(response) -> dict[str, tuple[str, ...]]:
    """First cell → the numbers beside it."""
    page = html.fromstring(response.content.decode())
    lines = ([" ".join(cell.text_content().split()) for cell in row] for row in page.findall(".//table//tr"))
    return {first: tuple(rest) for first, *rest in lines}


def test_on_a_phone_each_figure_stands_below_its_words(desk):
    """Cards without a scroll to the side: each cell says its column, and roles stay when the display changes."""
    paths.step(paths.sent(wave=factories.opening_wave()), State.OPEN_FAILED, reason="number-taken")

    page = html.fromstring(desk.get(reverse("rollout:reconciliation")).content.decode())

    (table,) = page.findall(".//table")
    assert "ens-table--cards" in table.get("class").split()
    assert not page.find_class("ens-scroll")
    assert {row.get("role") for row in table.iter("tr")} == {"row"}
    labels = [[cell.get("data-ens-label") for cell in row.findall("td") if cell.text] for row in table.iter("tr")]
    both = ["Selon les états", "Selon les faits"]
    assert labels[1] == both
    assert labels[-1] == both
    assert labels[5] == [None, "Selon les états"]


def test_every_line_adds_up_to_the_eligible_people(desk):
    wave = factories.opening_wave(people=6)
    for _ in range(2):
        paths.opened(wave=wave)
    paths.opposed(wave=wave)
    factories.person(wave=wave, hold="no-representative")
    paths.sent(wave=wave)
    paths.step(paths.sent(wave=wave), State.OPEN_FAILED, reason="number-taken")
    paths.opened(wave=factories.opening_wave())

    response = desk.get(reverse("rollout:wave_reconciliation", args=[wave.pk]))

    assert rows(response) == {
        "Personnes": ("Selon les états", "Selon les faits"),
        "Espace ouvert": ("2", "2"),
        "Opposition": ("1", "1"),
        "Retenue": ("1", "1"),
        "dont mineur sans représentant connu": ("1", ""),
        "Ouverture échouée": ("1", "1"),
        "dont number-taken": ("1", ""),
        "Décès": ("0", "0"),
        "Plus éligible": ("0", "0"),
        "Pas encore": ("1", "1"),
        "dont notification envoyée": ("1", ""),
        "Personnes éligibles": ("6", "6"),
    }
    assert "Aucune différence" in response.content.decode()
    assert "Prises dans la vague à l'approbation : 6." in words_of(response)


def test_rol_22_what_happened_in_the_wave_is_counted_by_way(desk):
    wave = factories.opening_wave()
    paths.opened(wave=wave, space={"account_activated_at": paths.OPENED})
    paths.opened(wave=wave, space={"status": "closed", "closed_at": paths.OPENED}, notice={"channel": "post"})
    paths.sent(wave=wave, notice={"state": "returned", "ended_at": paths.SENT})
    helped = {"entered_by": people.staff()}
    for _ in range(2):
        paths.opposed(wave=wave, channel=Channel.PHONE, opposition=helped)
    paths.opposed(wave=wave)
    paths.opposed(wave=factories.opening_wave(), channel=Channel.COUNTER, opposition=helped)

    page = html.fromstring(desk.get(reverse("rollout:wave_reconciliation", args=[wave.pk])).content.decode())

    (figures,) = page.find_class("ens-meta")
    words = [" ".join(" ".join(one.itertext()).split()) for one in figures]
    assert dict(zip(words[::2], words[1::2], strict=True)) == {
        "Notifications par mail": "5",
        "Notifications par courrier": "1",
        "Notifications revenues": "1",
        "Oppositions": "3 en ligne avec le code : 1, par téléphone : 2",
        "Oppositions retirées": "0",
        "Espaces ouverts": "2",
        "Espaces activés": "1",
        "Espaces clos": "1",
    }
    assert not html.fromstring(desk.get(reverse("rollout:reconciliation")).content.decode()).find_class("ens-meta")


def test_each_difference_is_listed_with_how_many_and_an_example(desk):
    wave = factories.opening_wave()
    lost = paths.step(paths.sent(wave=wave), State.OPEN)
    who = paths.opened(wave=wave)
    paths.oppose(who, at=paths.OPENED - timedelta(days=1))

    text = words_of(desk.get(reverse("rollout:wave_reconciliation", args=[wave.pk])))

    assert "2 sortes de différences" in text
    assert "« espace ouvert » selon les états, « pas encore » selon les faits" in text
    assert f"Par exemple la personne {lost.pk}" in text
    assert "Un espace ouvert malgré une opposition en vigueur" in text
    assert f"Par exemple la personne {who.pk}" in text


def test_the_whole_register_sums_the_waves_and_people_without_one(desk):
    paths.queued(wave=factories.wave())
    paths.queued(wave=factories.wave())
    factories.person()
    factories.person(run=factories.run(read=0, accepted=0))

    response = desk.get(reverse("rollout:reconciliation"))

    text = words_of(response)
    assert rows(response)["Personnes éligibles"] == ("4", "4")
    assert "2 sortes de différences" in text
    assert "Par exemple l'import" in text


@pytest.mark.parametrize("name", ["reconciliation", "wave_reconciliation"])
def test_the_reading_is_traced_with_counts_only(desk, name):
    wave = factories.wave()
    paths.queued(wave=wave)
    arguments = [wave.pk] if name == "wave_reconciliation" else []

    desk.get(reverse(f"rollout:{name}", args=arguments))

    (event,) = AuditEvent.objects.filter(action="rollout.reconciliation.view")
    assert event.facts == {"people": 1, "differences": 1}
    assert event.target == (f"wave:{wave.pk}" if arguments else "")


def test_an_unknown_wave_is_not_found(desk):
    assert desk.get(reverse("rollout:wave_reconciliation", args=[uuid7()])).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(StaffRole.APPROVER, 200), (StaffRole.SUPPORT, 404)])
def test_sec_19_the_support_has_no_sheet(role, status):
    assert client_of(people.staff(role)).get(reverse("rollout:reconciliation")).status_code == status


def test_the_number_of_queries_does_not_follow_the_waves(desk):
    counts = []
    for more in (1, 19):
        for _ in range(more):
            paths.queued(wave=factories.wave())
        desk.get(reverse("rollout:reconciliation"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("rollout:reconciliation"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_page_says_when_it_was_counted(desk):
    text = words_of(desk.get(reverse("rollout:reconciliation")))

    assert "Compté le 25 novembre 2026 à 13 h 00" in text
