"""PU-01, STO-88: the way to referencing, the criteria, the next sessions; the home of publishers."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.store import criteria, roadmap
from apps.store.models import Session
from apps.store.states import DOSSIER, Status
from apps.store.states.dossier import ENDED
from apps.store.views.home import applies_words
from tests import factories
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store.factories import candidacy, member, publisher_user

pytestmark = pytest.mark.django_db
HOME = "/editeurs/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page(client=None) -> str:
    answer = (client or PortalClient()).get(HOME)
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'").replace("\u00a0", " ").replace("\u202f", " ")


def planned(held_on, *, by=None, **values):
    by = by or factories.staff()
    return Session.objects.create(held_on=held_on, planned_by=by, planned_at=NOON, **values)


def test_visitors_read_it_and_create_an_account():
    shown = page()

    assert "Créer mon organisme" in shown
    assert 'href="/editeurs/inscription/"' in shown
    assert "J'ai déjà un compte" in shown


def test_a_publisher_without_organisation_creates_one():
    shown = page(client_of(publisher_user()))

    assert 'href="/editeurs/organisme/nouveau/"' in shown
    assert "J'ai déjà un compte" not in shown


def test_a_member_sees_the_candidacies():
    pia = member()
    shown = page(client_of(pia.user))

    assert "Voir mes candidatures" in shown
    assert "Créer mon organisme" not in shown
    assert pia.publisher.name in shown


def test_holders_read_it_without_an_action():
    shown = page(client_of(factories.user(person=factories.identity())))

    assert "Créer mon organisme" not in shown
    assert "Les six étapes" in shown


def test_sto_88_the_times_are_those_of_the_machine():
    shown = page()

    for words in ("10 jours ouvrés", "30 jours pour vous", "60 jours au plus", "90 jours au plus", "6 mois au plus"):
        assert words in shown, words


def test_sto_88_a_member_sees_where_the_own_dossiers_are():
    pia = member()
    mine = candidacy(Status.ASSESSMENT, by=pia)
    ended = candidacy(Status.REFUSED, by=pia)
    other = candidacy(Status.ASSESSMENT)

    shown = page(client_of(pia.user))

    assert f"Votre dossier {mine.number} en est là." in shown
    assert ended.number not in shown
    assert other.number not in shown
    assert shown.count('aria-current="step"') == 1


def test_every_state_on_the_way_is_in_exactly_one_step():
    for status in Status:
        inside = [place for place, step in enumerate(roadmap.STEPS, start=1) if status in step.statuses]
        expected = 0 if status in {*ENDED, Status.APPEAL} else 1
        assert len(inside) == expected, status
        assert roadmap.step_of(status) == (inside[0] if inside else None)
    assert set(DOSSIER.stays) == set(Status)


def test_sto_22_two_roadmaps():
    without, with_exchange = roadmap.roadmap(exchange=False), roadmap.roadmap(exchange=True)

    assert (len(without), len(with_exchange)) == (14, 17)
    assert set(without) < set(with_exchange)
    for stops in (without, with_exchange):
        assert [stop.step for stop in stops] == sorted(stop.step for stop in stops)


def test_the_next_three_sessions():
    today = NOON.date()
    for days in (-1, 0, 30, 60, 90):
        planned(today + timedelta(days=days))
    planned(today + timedelta(days=10), state="cancelled")

    shown = page()

    section = shown[shown.index("Prochaines séances") :]
    section = section[: section.index("</section>")]
    assert section.count("<li>") == 3


def test_no_session_is_said():
    assert "Aucune date" in page()


def test_every_criterion_is_there_once():
    shown = page()

    for one in criteria.criteria_of(criteria.CURRENT):
        assert shown.count(f"<strong>{one.code}</strong>") == 1


class TestCsv:
    def rows(self):
        answer = PortalClient().get("/editeurs/criteres.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="criteres-{criteria.CURRENT}.csv"'
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

    def test_a_line_for_each_criterion_in_order(self):
        head, *rows = self.rows()

        assert head[0] == "Code"
        assert [row[0] for row in rows] == [one.code for one in criteria.criteria_of(criteria.CURRENT)]
        assert {len(row) for row in rows} == {len(head)} == {7}

    def test_sec_31_no_cell_is_computed(self):
        for row in self.rows():
            for cell in row:
                assert not cell.startswith(("=", "+", "-", "@")), cell

    def test_when_each_applies_is_in_words(self):
        words = {applies_words(one.tag) for one in criteria.criteria_of(criteria.CURRENT)}
        assert all(words)
        assert "Est-ce un dispositif médical\u202f?" in words


def test_as_many_queries_with_1_and_20_dossiers():
    pia = member()
    client = client_of(pia.user)
    counts = []
    for number in (1, 19):
        for _ in range(number):
            candidacy(Status.ASSESSMENT, by=pia)
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_dates_of_sessions_are_written_out():
    planned(date(2027, 1, 14))
    assert "Jeudi 14 janvier 2027" in page()
