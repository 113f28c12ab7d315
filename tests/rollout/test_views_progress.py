"""RO-10: funnel, channels, rates with hidden cells, times, and the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.rollout.models import Channel, EligiblePerson
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.rollout import factories
from tests.rollout.figures import paths

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/deploiement/suivi/"
FILE = "/deploiement/suivi/taux.csv"


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


def test_nobody_in_a_wave_yet(desk):
    assert "Personne dans une vague pour l'instant" in words_of(desk.get(PAGE))


def test_the_funnel_and_the_table_beside_it(desk):
    wave = factories.opening_wave()
    for _ in range(5):
        factories.person(wave=wave)
        paths.sent(wave=wave)
    done(wave, 18, "OPEN", "44")
    done(wave, 10, "OPEN_ACTIVE", "44")
    done(wave, 12, "OPPOSED", "44")

    response = desk.get(PAGE)

    assert rows(response, "Entonnoir du déploiement") == [
        ["Personnes des vagues", "50", "100,0 %"],
        ["Notification envoyée", "45", "90,0 %"],
        ["Envoyés et aboutis", "40", "80,0 %"],
        ["Espace ouvert", "28", "56,0 %"],
        ["Espace activé", "10", "20,0 %"],
    ]
    words = words_of(response)
    assert "Sur 50 personnes, 28 ont un espace ouvert et 10 l'ont activé." in words
    # ROL-22: the page says of whom its rates are.
    assert "Les taux portent sur les « envoyés et aboutis »" in words
    assert "(40 personnes). Opposition : 30,0 %. Ouverture : 70,0 %. Activation : 25,0 %." in words


def test_what_the_table_hides_the_rest_of_the_page_hides(desk):
    done(factories.opening_wave(), 95, "OPEN", "44")
    done(factories.opening_wave(), 5, "OPPOSED", "44")

    response = desk.get(PAGE)

    assert rows(response, "Par département")[-1] == ["Ensemble", "100", "…", "…", "…", "…", "…"]
    assert [row[1] for row in rows(response, "Entonnoir du déploiement")] == ["100", "100", "100", "…", "…"]
    words = words_of(response)
    assert "(100 personnes). Opposition : …. Ouverture : …. Activation : …." in words
    assert "« … » cache les nombres inférieurs à 10" in words
    page = response.content.decode()
    assert "95" not in page
    assert 'width="342"' not in page  # 95 % of the drawing


def test_channels_of_notices_and_oppositions(desk):
    wave = factories.wave()
    for _ in range(3):
        paths.sent(wave=wave)
    paths.sent(wave=wave, notice={"channel": "post", "message_id": ""})
    entered = {"entered_by": people.staff()}
    for number in range(22):
        by_phone = {"channel": Channel.PHONE, "opposition": entered} if number < 10 else {}
        paths.opposed(wave=wave, **by_phone)
    done(wave, 10, "OPEN", "44")

    response = desk.get(PAGE)

    assert rows(response, "Notifications envoyées, par canal") == [
        ["Par courriel", "25", "96,2 %"],
        ["Par courrier", "1", "3,8 %"],
    ]
    assert rows(response, "Oppositions, par canal") == [
        ["En ligne avec le code", "12", "54,5 %"],
        ["En ligne, connecté", "…", "…"],
        ["Par téléphone", "…", "…"],
        ["Par courrier", "…", "…"],
        ["Au guichet", "…", "…"],
    ]


@pytest.fixture
def three_departments():
    wave = factories.opening_wave()
    for department, opened, opposed in (("31", 30, 12), ("44", 25, 3), ("80", 20, 11)):
        done(wave, opened, "OPEN", department)
        done(wave, opposed, "OPPOSED", department)


def test_small_cells_and_a_second_one_are_hidden(desk, three_departments):
    response = desk.get(PAGE)

    # 3 oppositions in 44: hidden, with those of 80 from which the sum would tell them, and the openings beside them.
    assert rows(response, "Par département") == [
        ["31", "42", "30", "12", "28,6 %", "…", "…"],
        ["44", "28", "…", "…", "…", "…", "…"],
        ["80", "31", "…", "…", "…", "…", "…"],
        ["Ensemble", "101", "75", "26", "25,7 %", "…", "…"],
    ]
    assert words_of(response).count("« … » cache les nombres inférieurs à 10") == 1


def test_rates_by_age_have_classes(desk, three_departments):
    assert rows(desk.get(PAGE), "Par âge") == [
        ["45 à 59 ans", "101", "75", "26", "25,7 %", "…", "…"],
        ["Ensemble", "101", "75", "26", "25,7 %", "…", "…"],
    ]


def test_the_file_says_what_the_page_says(desk, three_departments):
    response = desk.get(FILE)
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()

    assert response["Content-Disposition"] == 'attachment; filename="suivi.csv"'
    assert lines[0] == (
        '"Tableau";"Groupe";"Envoyés et aboutis";"Espaces ouverts";"Oppositions";"Taux d\'opposition";'
        '"Espaces activés";"Taux d\'activation"'
    )
    assert lines[1] == '"Par département";"31";"42";"30";"12";"28,6\u00a0%";"…";"…"'
    assert lines[2] == '"Par département";"44";"28";"…";"…";"…";"…";"…"'
    assert len(lines) == 1 + 4 + 2


def test_s43_a_department_that_looks_like_a_formula_stays_text(desk):
    done(factories.wave(), 12, "OPPOSED", "=1+")

    lines = b"".join(desk.get(FILE).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith('"Par département";"\'=1+";')


def test_decisions_38_the_pilot_is_alone(desk):
    done(factories.wave(stage="pilot"), 11, "OPPOSED", "31")
    done(factories.wave(stage="general"), 20, "OPPOSED", "72")

    assert [row[0] for row in rows(desk.get(f"{PAGE}?etape=pilote"), "Par département")] == ["31", "Ensemble"]
    assert [row[0] for row in rows(desk.get(PAGE), "Par département")] == ["72", "Ensemble"]
    written = b"".join(desk.get(f"{FILE}?etape=pilote").streaming_content).decode()
    assert '"31"' in written
    assert '"72"' not in written


def test_times_are_told_in_sentences(desk):
    wave = factories.opening_wave()
    for days in (43, 43, 43, 43, 44, 44, 44, 60, 60, 60, 60):
        paths.opened(wave=wave, at=paths.SENT + timedelta(days=days))

    assert "La moitié des espaces se sont ouverts en 44 jours après la notification, neuf sur dix en 60." in words_of(
        desk.get(PAGE)
    )


@pytest.mark.parametrize(("address", "action"), [(PAGE, "rollout.progress.view"), (FILE, "rollout.progress.download")])
def test_readings_and_downloads_are_traced(desk, address, action):
    desk.get(address)

    assert [event.facts for event in AuditEvent.objects.filter(action=action)] == [{"stage": "pilot"}]


@pytest.mark.parametrize("address", [PAGE, FILE])
@pytest.mark.parametrize(("role", "status"), [(StaffRole.APPROVER, 200), (StaffRole.SUPPORT, 404)])
def test_sec_19_operators_and_approvers_see_it(address, role, status):
    assert client_of(people.staff(role)).get(address).status_code == status


def test_the_number_of_queries_does_not_follow_the_people(desk):
    wave = factories.wave()
    counts = []
    for more in (1, 19):
        for _ in range(more):
            paths.opposed(wave=wave)
        factories.person(wave=wave, hold=EligiblePerson.Hold.CLAIM)
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]
