"""Twin spaces, one with documents and one without: menus, home, settings, addresses (decisions.md 38)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.access import Section
from apps.common.ids import uuid7
from apps.rollout.models import Wave
from apps.spaces.models import HealthSpace
from apps.spaces.perimeter import Service, has_section, is_served
from tests.access.matrix import MATRIX, Answer
from tests.access.test_matrix import IN_SPACE_NAMES, address, class_of
from tests.cast import Cast, Who, client_of, make_cast
from tests.dmp.pages import main_of, words_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
OF_DOCUMENTS = [name for name in IN_SPACE_NAMES if name.startswith(("dmp:", "journeys:privacy"))]
OF_ALL_SPACES = [name for name in IN_SPACE_NAMES if name not in OF_DOCUMENTS]
HOLDER_SIDE = (Who.HOLDER, Who.PARENT, Who.DELEGATE)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def twins() -> Cast:
    """The cast, whose spaces were opened with a mailbox and the catalogue, without documents."""
    cast = make_cast()
    HealthSpace.objects.update(services=["mss", "store"])
    return cast


def without_reference(page) -> str:
    """The page of an error, but for the number of its request."""
    return re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}", "", main_of(page))


def test_the_services_of_a_space_are_those_that_a_wave_may_have():
    assert Wave._meta.get_field("services").base_field.choices == Service.choices


@pytest.mark.parametrize(
    ("name", "services", "served"),
    [
        ("dmp:document_list", ["dmp", "mss"], True),
        ("dmp:document_list", ["mss"], False),
        ("journeys:privacy_hide", ["mss"], False),
        ("journeys:dashboard", [], True),
        ("mss:inbox", ["dmp"], False),
        ("store:catalogue", ["dmp", "mss"], False),
        ("health_profile:summary", ["profile"], True),
        ("spaces:emergency_choices", [], True),
        ("", [], True),
    ],
)
def test_decisions_38_one_place_says_which_page_belongs_to_which_service(name, services, served):
    assert is_served(name, services) is served


def test_decisions_38_the_history_belongs_to_every_space():
    assert [has_section(section, []) for section in (Section.DOCUMENTS, Section.HISTORY)] == [False, True]


def test_every_address_in_spaces_is_looked_at_here():
    assert len(OF_DOCUMENTS) >= 12
    assert set(OF_DOCUMENTS) | set(OF_ALL_SPACES) == set(IN_SPACE_NAMES)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", HOLDER_SIDE)
def test_decisions_38_outside_the_perimeter_no_page_exists_for_anybody(twins, who, method):
    client = client_of(twins.users[who])
    found = {name: class_of(getattr(client, method)(address(name, who, twins))) for name in OF_DOCUMENTS}
    assert set(found.values()) == {Answer.NOT_FOUND}, found


@pytest.mark.parametrize("who", HOLDER_SIDE)
def test_decisions_38_all_other_pages_answer_as_they_do_in_the_twin(twins, who):
    client = client_of(twins.users[who])
    found = {name: class_of(client.get(address(name, who, twins))) for name in OF_ALL_SPACES}
    assert found == {name: MATRIX[name].get[who] for name in OF_ALL_SPACES}


def test_sec_01_outside_the_perimeter_is_the_same_page_as_unknown(twins):
    client = client_of(twins.users[Who.HOLDER])
    outside = client.get(reverse("dmp:document_list", args=[twins.space.id]))
    unknown = client.get(reverse("dmp:document_list", args=[uuid7()]))
    assert outside.status_code == unknown.status_code == 404
    assert without_reference(outside) == without_reference(unknown)


def test_decisions_38_the_menu_and_the_home_show_no_documents(twins):
    client = client_of(twins.users[Who.HOLDER])
    page = client.get(reverse("journeys:dashboard", args=[twins.space.id]))
    assert reverse("dmp:document_list", args=[twins.space.id]) not in page.content.decode()
    assert "Il s'est ouvert sans documents." in words_of(page)
    assert "Nouveau (" not in words_of(page)


def test_decisions_38_the_home_of_the_twin_has_both():
    cast = make_cast()
    page = client_of(cast.users[Who.HOLDER]).get(reverse("journeys:dashboard", args=[cast.space.id]))
    assert reverse("dmp:document_list", args=[cast.space.id]) in page.content.decode()
    assert "Nouveau (1)" in words_of(page)
    assert "sans documents" not in words_of(page)


def test_decisions_38_the_home_asks_nothing_about_documents(twins):
    client, url = client_of(twins.users[Who.HOLDER]), reverse("journeys:dashboard", args=[twins.space.id])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    HealthSpace.objects.update(services=["dmp", "mss"])
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(few) < len(more)
    assert not [query for query in few if "dmp_document" in query["sql"] and "ORDER BY" in query["sql"]]


def test_decisions_38_the_settings_leave_out_who_sees_documents(twins):
    url = reverse("journeys:settings", args=[twins.space.id])
    without = words_of(client_of(twins.users[Who.HOLDER]).get(url))
    HealthSpace.objects.update(services=["dmp"])
    with_documents = words_of(client_of(twins.users[Who.HOLDER]).get(url))
    assert "Qui voit mes documents" not in without
    assert "Qui voit mes documents" in with_documents
    for label in ("Professionnels", "Accès en urgence", "Moyens de connexion"):
        assert label in without


def test_two_spaces_of_one_person_follow_each_its_own_perimeter(twins):
    """Rosa's child has documents again; the holder's space has none: the one in the address decides."""
    HealthSpace.objects.filter(pk=twins.child_space.pk).update(services=["dmp"])
    name = "dmp:document_list"
    for who, answer in ((Who.PARENT, Answer.OK), (Who.HOLDER, Answer.NOT_FOUND)):
        assert class_of(client_of(twins.users[who]).get(address(name, who, twins))) is answer
