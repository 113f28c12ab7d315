"""SEC-34: level of the session × pages: content from the minimum on, pages of the account at every level."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.accounts.levels import TWO_FACTORS
from apps.audit.models import AuditEvent
from tests import factories
from tests.cast import client_of
from tests.dmp.factories import filed

pytestmark = pytest.mark.django_db
LEVELS = ["", "eidas1", "eidas2", "eidas3", TWO_FACTORS, "eidas9"]
LEVEL_PAGE = "/niveau-insuffisant/"
ACCOUNT_PAGES = ["accounts:level", "accounts:session_expiring", "journeys:site_map", "ui:theme"]


@pytest.fixture(autouse=True)
def substantial(settings):
    settings.HOLDER_MIN_LEVEL = "eidas2"


@pytest.fixture
def space():
    return factories.space()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["dmp:document_detail", "dmp:document_file"])
def test_sec_34_content_opens_from_substantial_on(space, level, name):
    row = filed(space)
    path = reverse(name, args=[space.id, row.id])
    before = AuditEvent.objects.count()

    answer = client_of(factories.user(person=space.identity), level=level).get(path)

    if level in {"eidas2", "eidas3"}:
        assert answer.status_code == 200
    else:
        assert answer.headers["Location"] == f"{LEVEL_PAGE}?next={path}"
        assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_sec_34_pages_of_the_account_open_at_every_level(level, name):
    assert client_of(factories.user(), level=level).get(reverse(name)).status_code == 200


def test_sec_34_the_page_says_what_to_do_and_keeps_the_way(space):
    path = reverse("dmp:document_list", args=[space.id])
    client = client_of(factories.user(person=space.identity), level="eidas1")

    shown = client.get(path, follow=True).content.decode()

    assert "Niveau de connexion insuffisant" in shown
    assert "Se reconnecter avec FranceConnect" in shown
    assert f'name="next" value="{path}"' in shown


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/"])
def test_the_level_page_keeps_no_foreign_way(target):
    shown = client_of(factories.user(), level="eidas1").get(LEVEL_PAGE, {"next": target}).content.decode()

    assert "evil" not in shown.partition("<main")[2].partition("</main>")[0]


def test_sec_34_acts_are_refused_like_pages(space):
    client = client_of(factories.user(person=space.identity), level="eidas1")
    row = filed(space)

    answer = client.post(reverse("dmp:document_hide", args=[space.id, row.id]))

    assert answer.headers["Location"].startswith(LEVEL_PAGE)
    row.refresh_from_db()
    assert row.hidden_at is None
