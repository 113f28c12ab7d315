"""The frame: what the menu, the account and the band show to whom (pages.md 2 and 3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from apps.access import Actor, Role
from apps.accounts.sessions import SessionFacts, SessionStore
from apps.journeys.frame import frame
from apps.spaces.entry import SpaceView
from apps.ui.frame import Frame
from tests import factories
from tests.harness.clock import NOON
from tests.notifications.factories import notice as unread

HELP = "Invitations et personnes aidées"
SECURITY = "Connexion et sécurité"
SPACE = UUID("0190a6c4-0000-7000-8000-000000000001")


def _view(*, is_own: bool) -> SpaceView:
    return SpaceView(
        space_id=SPACE,
        is_own=is_own,
        short_name="Léa M.",
        holder_name="Léa Morel",
        capacity=Role.HOLDER if is_own else Role.REPRESENTATIVE,
        opened_at=NOON,
        until=None,
    )


def _frame(*, user, space: SpaceView | None = None, name: str = "", **more) -> Frame:
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = SimpleNamespace(view_name=name, app_name=name.partition(":")[0])
    if space is not None:
        request.space_view = space
    for key, value in more.items():
        setattr(request, key, value)
    return frame(request)["frame"]


def _labels(entries):
    return [entry.label for entry in entries]


def test_a_visitor_can_go_home_or_sign_in():
    shown = _frame(user=AnonymousUser())

    assert _labels(shown.menu) == ["Accueil", "Comprendre", "Services référencés", "M'opposer", "Aide"]
    assert [(tool.label, tool.url) for tool in shown.tools] == [("Se connecter", "/connexion/")]
    assert (shown.account, shown.band, shown.session_end) == (None, None, None)


def test_in_ones_own_space_there_is_no_band():
    shown = _frame(user=SimpleNamespace(is_authenticated=True), space=_view(is_own=True))

    assert shown.band is None
    assert shown.account.name == "Léa Morel"
    assert [(entry.label, entry.url) for entry in shown.menu] == [
        ("Accueil", f"/e/{SPACE}/"),
        ("Documents", f"/e/{SPACE}/documents/"),
        ("Messagerie", f"/e/{SPACE}/messagerie/"),
    ]
    assert _labels(shown.account.entries) == [
        "Qui a consulté mes données",
        "Paramètres",
        HELP,
        SECURITY,
        "Changer d'espace",
    ]
    assert shown.account.sign_out_url == "/deconnexion/"


@pytest.mark.django_db
def test_in_the_space_of_somebody_else_the_band_names_it_and_the_account_stays_ones_own():
    person = factories.user(person=factories.identity(first_given_name="CAMILLE", birth_family_name="MOREL"))

    shown = _frame(user=person, space=_view(is_own=False))

    assert shown.band.short_name == "Léa M."
    assert shown.account.name == "Camille Morel"


def test_somebody_signed_in_outside_spaces_can_choose_one():
    shown = _frame(user=SimpleNamespace(is_authenticated=True))

    assert shown.account.name == "Mon compte"
    assert _labels(shown.account.entries) == [HELP, SECURITY, "Changer d'espace"]
    assert shown.tools == ()


@pytest.mark.parametrize(
    ("name", "home", "documents", "mailbox"),
    [
        ("journeys:dashboard", "page", "", ""),
        ("dmp:document_list", "", "page", ""),
        ("dmp:document_detail", "", "true", ""),
        ("mss:thread_list", "", "", "page"),
        ("mss:attachment", "", "", "true"),
        ("journeys:access_history", "", "", ""),
    ],
)
def test_the_menu_shows_where_one_is(name, home, documents, mailbox):
    shown = _frame(user=SimpleNamespace(is_authenticated=True), space=_view(is_own=True), name=name)

    assert [entry.current for entry in shown.menu] == [home, documents, mailbox]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("signed_in_before", "left"),
    [(timedelta(hours=1), timedelta(minutes=15)), (timedelta(hours=7, minutes=50), timedelta(minutes=10))],
)
def test_idn_37_the_end_of_the_session_is_the_nearer_of_both_limits(signed_in_before, left):
    actor = Actor(role=Role.HOLDER, at=NOON, space_id=SPACE)
    session = _session(opened_at=NOON - signed_in_before)

    shown = _frame(user=SimpleNamespace(is_authenticated=True), space=_view(is_own=True), actor=actor, session=session)

    assert shown.session_end == NOON + left


def _session(*, opened_at: datetime):
    class Loaded(SessionStore):
        def load(self):
            self.facts = SessionFacts(opened_at=opened_at)
            return {}

    return Loaded("key-of-a-test")


@pytest.mark.django_db
def test_the_bell_says_how_many_notices_are_unread_in_a_space_and_nothing_outside():
    person, space = factories.user(), _view(is_own=True)
    actor = Actor(role=Role.HOLDER, at=NOON, user_id=person.pk, space_id=SPACE)
    unread(user=person, key="one")
    unread(user=person, key="two")

    shown = _frame(user=person, space=space, actor=actor, session=_session(opened_at=NOON))

    assert (shown.bell.count, shown.bell.label) == (2, "2 notifications non lues")
    assert shown.bell.url == f"/e/{SPACE}/notifications/"
    assert _frame(user=person).bell is None
