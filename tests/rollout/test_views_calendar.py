"""RO-09: the month, wide and on a phone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.rollout.models import Notice, Wave
from apps.rollout.window import window_end
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/deploiement/calendrier/"


def cells(response) -> dict[str, str]:
    """Words of each day of the month table, by the number of the day; days of other months left out."""
    page = html.fromstring(response.content.decode())
    found = (cell for cell in page.findall(".//table//td") if cell.get("class") != "ens-calendar__outside")
    texts = (" ".join(cell.text_content().split()) for cell in found)
    return {text.split()[0]: " ".join(text.split()[1:]) for text in texts}


def listed(response) -> list[str]:
    page = html.fromstring(response.content.decode())
    return [
        " ".join(line.text_content().split())
        for line in page.findall('.//main//ul[@class="ens-list ens-list--plain"]/li')
    ]


def test_without_a_month_it_is_the_present_one(desk):
    response = desk.get(PAGE)

    assert "Calendrier : Novembre 2026" in words_of(response)
    days = cells(response)
    assert len(days) == 30
    assert days["25"] == "aujourd'hui"
    assert days["11"] == "Armistice"


def test_sendings_ends_and_openings_stand_on_their_days(desk):
    wave = factories.wave(number=906)
    sent_at = datetime(2026, 10, 12, 9, tzinfo=UTC)
    for _ in range(3):
        paths.sent(wave=wave, at=sent_at)

    assert cells(desk.get(f"{PAGE}?mois=2026-10"))["12"] == "Vague 906 3 notifications envoyées"
    november = cells(desk.get(PAGE))
    # 42 days after 12 October; the openings of the 24th are past, none took place.
    assert november["23"] == "Vague 906 dernier jour pour 3 notifications"
    assert november["24"] == ""


def test_openings_to_come_and_those_that_took_place(desk):
    wave = factories.opening_wave(number=907)
    paths.opened(wave=wave, at=NOON - timedelta(days=1))
    paths.sent(wave=wave, at=NOON - timedelta(days=40))

    days = cells(desk.get(PAGE))
    assert days["24"] == "Vague 907 1 espace ouvert"
    assert days["27"] == "Vague 907 dernier jour pour 1 notification"
    assert days["28"] == "Vague 907 ouverture après 1 notification"


def test_spa_04_a_notice_that_came_back_ends_no_window(desk):
    """Its six weeks begin again at the new sending."""
    wave = factories.wave(number=909)
    paths.sent(wave=wave, at=NOON - timedelta(days=40))
    who = paths.sent(wave=wave, at=NOON - timedelta(days=40))
    Notice.objects.filter(person=who).update(state="returned", ended_at=NOON - timedelta(days=39))
    at = NOON - timedelta(days=38)
    Notice.objects.create(
        person=who, wave=wave, kind="again", key="again", channel="post", state="sent", prepared_at=at, sent_at=at,
        window_ends_at=window_end(at),
    )  # fmt: skip

    days = cells(desk.get(PAGE))
    assert (days["27"], days["28"]) == (
        "Vague 909 dernier jour pour 1 notification",
        "Vague 909 ouverture après 1 notification",
    )
    assert (days["29"], days["30"]) == (
        "Vague 909 dernier jour pour 1 notification",
        "Vague 909 ouverture après 1 notification",
    )


def test_plans_follow_the_capacity(desk):
    wave = factories.wave(number=908, first_send_on=date(2026, 12, 1), mails_a_day=2, state=Wave.State.APPROVED)
    for _ in range(3):
        factories.person(wave=wave)

    response = desk.get(f"{PAGE}?mois=2026-12")

    days = cells(response)
    assert days["1"] == "Vague 908 2 notifications à envoyer"
    assert days["2"] == "Vague 908 1 notification à envoyer"
    assert "Vague 908, Loire-Atlantique : 2 mails, 20 000 lettres" in words_of(response)


def test_a_draft_has_its_first_sending(desk):
    factories.wave(number=909, first_send_on=date(2026, 11, 30), state=Wave.State.DRAFT)

    assert cells(desk.get(PAGE))["30"] == "Vague 909 premier envoi"


def test_a_phone_gets_a_list_of_the_days_with_something_to_say(desk):
    factories.wave(number=910, first_send_on=date(2026, 11, 30), state=Wave.State.DRAFT)

    assert listed(desk.get(PAGE)) == [
        "Dimanche 1er novembre 2026 Toussaint",
        "Mercredi 11 novembre 2026 Armistice",
        "Lundi 30 novembre 2026 Vague 910 premier envoi",
    ]


def test_a_month_without_anything_says_so(desk):
    assert "Rien n'a lieu ce mois-ci." in words_of(desk.get(f"{PAGE}?mois=2026-09"))


def test_months_are_linked(desk):
    written = desk.get(f"{PAGE}?mois=2026-12").content.decode()

    assert 'href="?mois=2026-11">Novembre 2026</a>' in written
    assert 'href="?mois=2027-01">Janvier 2027</a>' in written


@pytest.mark.parametrize("text", ["2026-13", "novembre", "1999-12", "2100-01", "2026-11-01", "2026"])
def test_what_is_no_month_is_not_found(desk, text):
    assert desk.get(f"{PAGE}?mois={text}").status_code == 404


def test_the_reading_is_traced(desk):
    desk.get(PAGE)

    assert AuditEvent.objects.filter(action="rollout.calendar.view").count() == 1


@pytest.mark.parametrize(("role", "status"), [(StaffRole.APPROVER, 200), (StaffRole.SUPPORT, 404)])
def test_sec_19_operators_and_approvers_see_it(role, status):
    assert client_of(people.staff(role)).get(PAGE).status_code == status


def test_the_number_of_queries_does_not_follow_the_waves(desk):
    counts = []
    for more in (1, 19):
        for _ in range(more):
            paths.sent(wave=factories.wave(), at=NOON - timedelta(days=2))
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]
