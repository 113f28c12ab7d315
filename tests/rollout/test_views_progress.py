"""RO-10: funnel, channels, rates with hidden cells, times, and the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.rollout.models import Channel, EligiblePerson
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = pytest.mark.django_db
PAGE = "/deploiement/suivi/"
FILE = "/deploiement/suivi/taux.csv"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def operator():
    return client_of(people.staff(StaffRole.OPERATOR))


def rows(response, caption: str) -> list[list[str]]:
    """Cells of the table with this caption, without its header."""
    page = html.fromstring(response.content.decode())
    for table in page.findall(".//table"):
        if " ".join(table.find("caption").text_content().split()) == caption:
            return [[" ".join(cell.text_content().split()) for cell in row] for row in table.findall("tbody/tr")]
    return []


def done(wave, number: int, state: str, department: str) -> None:
    """So many people who got a notice and ended so; written set-wise, the figures read columns only."""
    for _ in range(number):
        factories.person(
            wave=wave, state=state, department=department, notice_sent_at=paths.SENT,
            identity=people.identity(birth_date="1980-05-02"),
        )  # fmt: skip


def test_nobody_in_a_wave_yet(operator):
    assert "Personne dans une vague pour l'instant" in words_of(operator.get(PAGE))


def test_the_funnel_and_the_table_beside_it(operator):
    wave = factories.opening_wave()
    factories.person(wave=wave)
    paths.sent(wave=wave)
    for _ in range(6):
        paths.opened(wave=wave)
    paths.step(paths.opened(wave=wave), State.OPEN_ACTIVE)
    paths.opposed(wave=wave)

    response = operator.get(PAGE)

    assert rows(response, "Entonnoir du déploiement") == [
        ["Personnes des vagues", "10", "100,0 %"],
        ["Notification envoyée", "9", "90,0 %"],
        ["Envoyés et aboutis", "8", "80,0 %"],
        ["Espace ouvert", "7", "70,0 %"],
        ["Espace activé", "1", "10,0 %"],
    ]
    words = words_of(response)
    assert "Sur 10 personnes, 7 ont un espace ouvert et 1 l'ont activé." in words
    # ROL-22: the page says of whom its rates are.
    assert "Les taux portent sur les « envoyés et aboutis »" in words
    assert "(8 personnes). Opposition : 12,5 %. Ouverture : 87,5 %. Activation : 12,5 %." in words


def test_channels_of_notices_and_oppositions(operator):
    wave = factories.wave()
    for _ in range(3):
        paths.sent(wave=wave)
    paths.sent(wave=wave, notice={"channel": "post", "message_id": ""})
    paths.opposed(wave=wave)
    paths.opposed(wave=wave, channel=Channel.PHONE, opposition={"entered_by": people.staff()})

    response = operator.get(PAGE)

    assert rows(response, "Notifications envoyées, par canal") == [
        ["Par courriel", "5", "83,3 %"],
        ["Par courrier", "1", "16,7 %"],
    ]
    assert rows(response, "Oppositions, par canal")[:3] == [
        ["En ligne avec le code", "1", "50,0 %"],
        ["En ligne, connecté", "0", "0,0 %"],
        ["Par téléphone", "1", "50,0 %"],
    ]


@pytest.fixture
def three_departments():
    wave = factories.opening_wave()
    for department, opened, opposed in (("31", 30, 12), ("44", 25, 3), ("80", 20, 11)):
        done(wave, opened, "OPEN", department)
        done(wave, opposed, "OPPOSED", department)


def test_small_cells_and_a_second_one_are_hidden(operator, three_departments):
    response = operator.get(PAGE)

    # 3 oppositions in 44: hidden, with those of 80 from which the sum would tell them, and the openings beside them.
    assert rows(response, "Par département") == [
        ["31", "42", "30", "12", "28,6 %", "…", "…"],
        ["44", "28", "…", "…", "…", "…", "…"],
        ["80", "31", "…", "…", "…", "…", "…"],
        ["Ensemble", "101", "75", "26", "25,7 %", "…", "…"],
    ]
    assert "« … » cache les nombres inférieurs à 10" in words_of(response)


def test_rates_by_age_have_classes(operator, three_departments):
    assert rows(operator.get(PAGE), "Par âge") == [
        ["45 à 59 ans", "101", "75", "26", "25,7 %", "…", "…"],
        ["Ensemble", "101", "75", "26", "25,7 %", "…", "…"],
    ]


def test_the_file_says_what_the_page_says(operator, three_departments):
    response = operator.get(FILE)
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()

    assert response["Content-Disposition"] == 'attachment; filename="suivi.csv"'
    assert lines[0] == (
        '"Tableau";"Groupe";"Envoyés et aboutis";"Espaces ouverts";"Oppositions";"Taux d\'opposition";'
        '"Espaces activés";"Taux d\'activation"'
    )
    assert lines[1] == '"Par département";"31";"42";"30";"12";"28,6\u00a0%";"…";"…"'
    assert lines[2] == '"Par département";"44";"28";"…";"…";"…";"…";"…"'
    assert len(lines) == 1 + 4 + 2


def test_s43_a_department_that_looks_like_a_formula_stays_text(operator):
    done(factories.wave(), 12, "OPPOSED", "=1+")

    lines = b"".join(operator.get(FILE).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith('"Par département";"\'=1+";')


def test_decisions_38_the_pilot_is_alone(operator):
    done(factories.wave(stage="pilot"), 11, "OPPOSED", "31")
    done(factories.wave(stage="general"), 20, "OPPOSED", "72")

    assert [row[0] for row in rows(operator.get(f"{PAGE}?etape=pilote"), "Par département")] == ["31", "Ensemble"]
    assert [row[0] for row in rows(operator.get(PAGE), "Par département")] == ["72", "Ensemble"]
    written = b"".join(operator.get(f"{FILE}?etape=pilote").streaming_content).decode()
    assert '"31"' in written
    assert '"72"' not in written


def test_times_are_told_in_sentences(operator):
    wave = factories.opening_wave()
    for days in (43, 44, 60):
        paths.opened(wave=wave, at=paths.SENT + timedelta(days=days))

    assert "La moitié des espaces se sont ouverts en 44 jours après la notification, neuf sur dix en 56,8." in words_of(
        operator.get(PAGE)
    )


@pytest.mark.parametrize(("address", "action"), [(PAGE, "rollout.progress.view"), (FILE, "rollout.progress.download")])
def test_readings_and_downloads_are_traced(operator, address, action):
    operator.get(address)

    assert [event.facts for event in AuditEvent.objects.filter(action=action)] == [{"stage": "pilot"}]


@pytest.mark.parametrize("address", [PAGE, FILE])
@pytest.mark.parametrize(("role", "status"), [(StaffRole.APPROVER, 200), (StaffRole.SUPPORT, 404)])
def test_sec_19_operators_and_approvers_see_it(address, role, status):
    assert client_of(people.staff(role)).get(address).status_code == status


def test_the_number_of_queries_does_not_follow_the_people(operator):
    wave = factories.wave()
    counts = []
    for more in (1, 19):
        for _ in range(more):
            paths.opposed(wave=wave)
        factories.person(wave=wave, hold=EligiblePerson.Hold.CLAIM)
        operator.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            operator.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]
