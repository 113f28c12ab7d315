"""Menus and first pages of the staff (pages.md 3): by role, never mixed with a holder's."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.journeys import workplaces
from apps.rollout import console
from apps.rollout.models import StopOrder
from apps.store.policies import REVIEW
from tests import factories
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.store import factories as store_factories

pytestmark = pytest.mark.django_db
STOP = "/deploiement/arret/"
QUARANTINE = "/exploitation/quarantaine/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def labels(*roles, current=""):
    return [entry.label for entry in workplaces.menu(roles, current=current)]


def test_the_operator_reads_the_words_of_the_pages():
    assert {"Vagues", "Arrêt"} <= set(labels(StaffRole.OPERATOR))
    assert "Quarantaine" not in labels(StaffRole.OPERATOR)


def test_the_second_person_has_the_same_menu():
    assert labels(StaffRole.APPROVER) == labels(StaffRole.OPERATOR)


def test_sec_19_support_has_less():
    assert "Arrêt" in labels(StaffRole.SUPPORT)
    assert {"Vagues", "Population", "Imports"}.isdisjoint(labels(StaffRole.SUPPORT))


def test_the_platform_operator_reaches_the_quarantine_from_the_menu():
    assert [(entry.label, entry.url) for entry in workplaces.menu([StaffRole.PLATFORM], current="")] == [
        ("Quarantaine", QUARANTINE)
    ]


def test_no_role_no_entry():
    assert labels() == []


def test_work_begins_on_the_first_page_of_the_menu():
    assert console.first_page([StaffRole.OPERATOR]) == "/deploiement/"
    assert console.first_page([StaffRole.SUPPORT]) == "/deploiement/oppositions/"
    assert console.first_page([StaffRole.PLATFORM]) is None


@pytest.mark.parametrize(
    ("shown", "current"),
    [
        ("rollout:wave_list", "page"),
        ("rollout:wave_detail", "true"),
        ("rollout:wave_opening", "true"),
        ("rollout:stop", ""),
    ],
)
def test_the_entry_of_the_page_is_marked(shown, current):
    menu = workplaces.menu([StaffRole.OPERATOR], current=shown)
    assert [entry.current for entry in menu if entry.label == "Vagues"] == [current]


def test_the_quarantine_is_marked_below_too():
    states = [
        workplaces.menu([StaffRole.PLATFORM], current=name)[0].current
        for name in ("journeys:quarantine", "journeys:quarantine_destroy", "journeys:home")
    ]
    assert states == ["page", "true", ""]


def test_first_pages():
    assert workplaces.first_page([StaffRole.OPERATOR]) == console.first_page([StaffRole.OPERATOR])
    assert workplaces.first_page([StaffRole.PLATFORM]) == QUARANTINE
    assert workplaces.first_page([]) is None
    assert workplaces.first_page([StaffRole.PLATFORM, StaffRole.SUPPORT]).startswith("/deploiement/")


def test_the_console_carries_its_name_and_the_way_to_its_first_page():
    page = client_of(factories.staff()).get(STOP).content.decode()
    assert '<span class="ens-brand__tag">Déploiement</span>' in page
    brand = page[page.index('class="ens-brand"') :]
    assert brand[brand.index("href=") :].startswith(f'href="{console.first_page([StaffRole.OPERATOR])}"')


def test_the_account_of_the_staff_has_no_spaces():
    page = client_of(factories.staff()).get("/compte/connexion/").content.decode()
    assert "Changer d'espace" not in page.replace("&#x27;", "'")
    assert "Vagues" in page
    assert 'class="ens-brand__tag"' not in page  # no page of the console


def test_menu_and_strip_cost_two_queries():
    """Roles and stops; for visitors and holders none."""
    client = client_of(factories.staff())
    client.get(STOP)
    with CaptureQueriesContext(connection) as queries:
        client.get(STOP)
    asked = [query["sql"] for query in queries if "accounts_staffmembership" in query["sql"]]
    assert len(asked) == 1
    holder = client_of(factories.user(person=factories.identity()))
    with CaptureQueriesContext(connection) as queries:
        holder.get("/aide/")
    assert not [query for query in queries if "staffmembership" in query["sql"] or "stoporder" in query["sql"]]


def test_stops_of_waves_come_after_the_one_of_everything():
    assert (console.running_stops(), StopOrder.objects.count()) == ([], 0)


def test_reviewers_begin_at_their_queue():
    for role in REVIEW - {StaffRole.MEMBER}:
        assert workplaces.first_page([role]) == "/instruction/"
    assert workplaces.first_page([StaffRole.MEMBER]) == "/instruction/commission/"
    assert workplaces.first_page([StaffRole.PLATFORM, StaffRole.DESK]) == QUARANTINE


def test_s_11_reviewers_have_their_own_menu():
    assert labels(StaffRole.ASSESSOR)[0] == "Dossiers"
    assert "Commission" not in labels(StaffRole.ASSESSOR)
    assert "Commission" in labels(StaffRole.SECRETARIAT)
    assert {"Vagues", "Quarantaine"}.isdisjoint(labels(*REVIEW))
    assert set(labels(StaffRole.OPERATOR)).isdisjoint(labels(*REVIEW))


def test_every_page_of_a_reviewers_menu_opens_for_each_of_its_roles():
    for role in REVIEW:
        client = client_of(factories.staff(role))
        for entry in workplaces.menu([role], current=""):
            assert client.get(entry.url).status_code == 200, (role, entry.url)


def test_s_11_a_publisher_has_no_entry_of_a_holder():
    pia = store_factories.member()
    page = client_of(pia.user).get("/editeurs/organisme/membres/").content.decode().replace("&#x27;", "'")
    menu = page[page.index('class="fr-nav') : page.index("<main")]

    for words in ("Espace éditeurs", "Organisme", "Aide"):
        assert words in menu, words
    for words in ("Documents", "Messagerie", "M'opposer", "Changer d'espace", "Invitations"):
        assert words not in page[: page.index("<main")], words
    assert 'aria-current="true"' in menu  # « Organisme », above the page of members
    brand = page[page.index('class="ens-brand"') :]
    assert brand[brand.index("href=") :].startswith('href="/editeurs/"')


def test_s_11_a_publisher_who_asks_for_a_space_goes_home():
    client = client_of(store_factories.publisher_user())
    assert client.get("/choisir-espace/")["Location"] == "/editeurs/"
    assert client.get("/instruction/").status_code == 404


def test_the_account_of_a_publisher_is_under_its_menu():
    page = client_of(store_factories.member().user).get("/compte/connexion/").content.decode()
    assert "Organisme" in page
    assert "Changer d&#x27;espace" not in page


def test_every_page_of_a_publishers_menu_opens():
    client = client_of(store_factories.member().user)
    for entry in workplaces.publisher_menu(current="", path="/"):
        assert client.get(entry.url).status_code == 200, entry.url


def test_a_page_of_a_publisher_marks_one_entry():
    for path, name, label in (
        ("/editeurs/", "store:publisher_home", "Espace éditeurs"),
        ("/editeurs/organisme/", "store:publisher", "Organisme"),
        ("/editeurs/organisme/membres/", "store:members", "Organisme"),
    ):
        marked = [entry.label for entry in workplaces.publisher_menu(current=name, path=path) if entry.current]
        assert marked == [label]
