"""RO-01: what an operator sees first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.rollout.figures.alarms import Alarm, Kind
from apps.rollout.models import Conflict, EligiblePerson, ImportFile, StopOrder, Wave
from apps.rollout.views.alarm_lines import alarm_line
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
HOME = "/deploiement/"


def table(response) -> list[list[str]]:
    page = html.fromstring(response.content.decode())
    return [[" ".join(cell.text_content().split()) for cell in row] for row in page.findall(".//table//tr")]


def import_file(**values) -> ImportFile:
    defaults = {"name": "f.csv", "source": "server", "path": "f.csv", "sha256": "0" * 64, "size": 1}
    return ImportFile.objects.create(**defaults | {"brought_by": people.staff(), "brought_at": NOON} | values)


def test_an_empty_console_says_what_to_do(desk):
    words = words_of(desk.get(HOME))

    assert "Rien ne vous attend." in words
    assert "Préparer une vague" in words
    assert "Aucune notification n'est encore partie" in words


@pytest.mark.parametrize(("role", "has_button"), [(StaffRole.OPERATOR, True), (StaffRole.APPROVER, False)])
def test_ro_01_everything_begins_with_a_file(role, has_button):
    page = client_of(people.staff(role)).get(HOME)

    assert "Premier acte : déposer le fichier des assurés." in words_of(page)
    button = '<a class="fr-btn" href="/deploiement/imports/nouveau/">Déposer un fichier</a>'
    assert (button in page.content.decode()) is has_button


@pytest.mark.parametrize("has_file", [True, False])
def test_nothing_is_due_once_a_file_is_on_its_way_or_people_are_there(desk, has_file):
    if has_file:
        import_file(state=ImportFile.State.TRYING)
    else:
        factories.person()

    assert "Aucun acte n'est dû." in words_of(desk.get(HOME))


def test_the_title_says_where_one_is(desk):
    assert title_of(desk.get(HOME)) == "Tableau de bord – Déploiement – Espace santé"


def test_alarms_come_before_the_waves(desk):
    factories.wave(name="Somme")
    factories.person(hold=EligiblePerson.Hold.RETURNED)
    who = paths.opposed(hold=EligiblePerson.Hold.CONFLICT)
    Conflict.objects.create(person=who, opposition=who.oppositions.get(), opened_at=NOON)

    words = words_of(desk.get(HOME))

    assert "À traiter (2)" in words
    assert words.index("1 notification revenue, sans autre adresse") < words.index("1 demande opposée à une autre")
    assert "L'ouverture est retenue jusqu'à votre décision. avant le 2 décembre" in words
    assert words.index("1 demande opposée à une autre") < words.index("Somme")


def test_a_stop_is_the_first_alarm(desk):
    StopOrder.objects.create(reason="essai", ordered_by=people.staff(), ordered_at=NOON)

    words = words_of(desk.get(HOME))
    assert "À traiter (1) 1 arrêt en vigueur Aucun envoi ni ouverture" in words


def test_each_wave_has_a_sentence(desk):
    wave = factories.opening_wave(name="Somme", number=903)
    for _ in range(3):
        paths.opened(wave=wave)
    paths.opposed(wave=wave)
    paths.sent(wave=wave, hold=EligiblePerson.Hold.CLAIM)
    factories.wave(name="Sarthe", number=904, state=Wave.State.DRAFT, first_send_on=date(2026, 12, 7))

    words = words_of(desk.get(HOME))

    assert "Vague 903 : Somme 5 notifiés, 1 opposition, 3 espaces ouverts, 1 retenu." in words
    assert "Vague 904 : Sarthe Envois à partir du 7 décembre 2026, ouvertures au plus tôt le 19 janvier 2027." in words
    assert words.index("Vague 904") < words.index("Vague 903")


def test_before_the_first_opening_the_sentence_says_when_it_may_be(desk):
    wave = factories.wave(name="Somme", number=911, first_send_on=date(2026, 11, 20))
    for _ in range(2):
        paths.sent(wave=wave, at=NOON - timedelta(days=5))

    words = words_of(desk.get(HOME))
    assert "Vague 911 : Somme 2 notifiés, 0 opposition, ouvertures à partir du 2 janvier 2027." in words


def test_the_next_act_is_named_and_linked(desk):
    wave = factories.wave(number=905, state=Wave.State.DRAFT, first_send_on=date(2026, 11, 27))

    response = desk.get(HOME)

    assert "Prochain acte dû : approuver la vague 905, avant le 27 novembre 2026." in words_of(response)
    assert f'class="fr-btn" href="{reverse("rollout:wave_detail", args=[wave.pk])}"' in response.content.decode()


def test_people_without_a_wave_are_counted(desk):
    factories.person()
    factories.person()

    assert "2 personnes du registre ne sont dans aucune vague." in words_of(desk.get(HOME))


def test_curves_have_the_same_values_as_their_table(desk):
    wave = factories.opening_wave()
    for _ in range(3):
        paths.opened(wave=wave)
    paths.opposed(wave=wave)

    response = desk.get(HOME)

    page = html.fromstring(response.content.decode())
    assert [image.find("title").text for image in page.findall('.//svg[@role="img"]')][:1] == [
        "Courbe\u00a0: Notifications envoyées, cumul du 11\u00a0octobre 2026 au 25\u00a0novembre 2026"
    ]
    assert [big.text for big in page.find_class("ens-chart__big")] == ["4", "1", "3", "0", "0"]
    header, *rows = table(response)
    assert header == [
        "Jour", "Notifications envoyées", "Oppositions", "Espaces ouverts", "Espaces activés", "Notifications revenues",
    ]  # fmt: skip
    assert rows[0] == ["11 octobre 2026", "4", "0", "0", "0", "0"]
    assert rows[-2:] == [
        ["22 novembre 2026", "4", "0", "3", "0", "0"],
        ["25 novembre 2026", "4", "1", "3", "0", "0"],
    ]
    assert "1 de plus depuis le 22 novembre." in words_of(response)


def test_decisions_38_pilot_and_generalisation_are_never_added_up(desk):
    paths.sent(wave=factories.wave(stage="pilot"))
    for _ in range(2):
        paths.sent(wave=factories.wave(stage="general"))

    def sent(address: str) -> str:
        page = html.fromstring(desk.get(address).content.decode())
        return page.find_class("ens-chart__big")[0].text

    assert sent(HOME) == "2"  # the stage of the latest wave
    assert sent(f"{HOME}?etape=pilote") == "1"
    assert sent(f"{HOME}?etape=generalisation") == "2"
    assert sent(f"{HOME}?etape=autre") == "2"


def test_one_stage_needs_no_tabs(desk):
    factories.wave(stage="pilot")

    assert "ens-tabs" not in desk.get(HOME).content.decode()


def test_the_opening_of_the_page_is_traced(desk):
    factories.person(hold=EligiblePerson.Hold.RETURNED)

    desk.get(HOME)

    (event,) = AuditEvent.objects.filter(action="rollout.dashboard.view")
    assert (event.target, event.facts) == ("", {"alarms": 1})


@pytest.mark.parametrize(("role", "status"), [(StaffRole.APPROVER, 200), (StaffRole.SUPPORT, 404)])
def test_sec_19_operators_and_approvers_see_it(role, status):
    assert client_of(people.staff(role)).get(HOME).status_code == status


def test_no_name_of_anybody_of_the_register_is_there(desk):
    wave = factories.opening_wave()
    paths.opposed(wave=wave, identity=people.identity(birth_family_name="ZWIRNER"))

    assert "ZWIRNER" not in desk.get(HOME).content.decode()


def test_the_number_of_queries_does_not_follow_the_waves(desk):
    counts = []
    for more in (1, 19):
        for place in range(more):
            paths.sent(wave=factories.wave(), at=NOON - timedelta(days=place + 1))
        desk.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            desk.get(HOME)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_import_that_failed_is_named(desk):
    import_file(name="novembre.csv", state="failed", ended_at=NOON)

    assert "L'import novembre.csv a été refusé ou a échoué Sa page dit pourquoi." in words_of(desk.get(HOME))


def test_every_alarm_has_its_words_in_both_numbers():
    for kind in Kind:
        for many in (1, 2_000):
            line = alarm_line(Alarm(kind=kind, number=many, name="f.csv"), {"rollout:stop": "/arret/"})
            assert "%(" not in line.title
            assert ("1 " in line.title or "2" in line.title) or "f.csv" in line.title
            assert (line.url == "/arret/") is (kind is Kind.STOP)
            assert line.due == ""


def test_the_curves_as_a_file_have_the_values_of_the_page(desk):
    wave = factories.opening_wave()
    for _ in range(3):
        paths.opened(wave=wave)

    response = desk.get(f"{HOME}courbes.csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()

    assert response["Content-Disposition"] == 'attachment; filename="courbes.csv"'
    assert lines[0].startswith('"Jour";"Notifications envoyées";"Oppositions";"Espaces ouverts"')
    assert lines[1] == '"2026-10-11";"3";"0";"0";"0";"0"'
    assert lines[-1] == '"2026-11-25";"3";"0";"3";"0";"0"'
    assert AuditEvent.objects.get(action="rollout.dashboard.download").facts == {"stage": "pilot"}


def test_before_the_first_notice_the_file_has_a_header_only(desk):
    assert b"".join(desk.get(f"{HOME}courbes.csv").streaming_content).decode("utf-8-sig") == '"Jour"\r\n'


XSS = """"><script>alert(1)</script>"""


@pytest.mark.parametrize("page", ["", "suivi/", "calendrier/", "rapprochement/"])
def test_sec_07_names_of_waves_and_files_are_escaped(desk, page):
    wave = factories.opening_wave(name=XSS)
    for _ in range(12):
        paths.opposed(wave=wave, department="<b>")
    paths.step(paths.sent(wave=wave), State.OPEN_FAILED, reason="<script>")
    factories.wave(name=XSS, state=Wave.State.DRAFT, first_send_on=NOON.date())
    import_file(name=XSS, state="failed", ended_at=NOON)

    written = desk.get(f"{HOME}{page}").content.decode()

    assert "<script>" not in written
    assert "<b>" not in written
