"""SEC-34: a sign-in at a lower level in another tab ends the rights of the higher one."""

from __future__ import annotations

from django.urls import reverse

from apps.accounts.models import SignInSession
from tests import factories
from tests.accounts.browser import Browser
from tests.accounts.people import identity

LEVEL_PAGE = "/niveau-insuffisant/"


def signed_in_at(visitor: Browser, settings, level: str) -> None:
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "acr_values": level}
    visitor.sign_in()


def test_sec_34_a_lower_sign_in_in_another_tab_ends_the_higher_rights(visitor, settings):
    """Both tabs share the cookie: the older one is as low as the newer one from its next click on."""
    settings.HOLDER_MIN_LEVEL = "eidas2"
    space = factories.space(person=identity())
    page = reverse("dmp:document_list", args=[space.id])
    signed_in_at(visitor, settings, "eidas2")
    assert visitor.client.get(page).status_code == 200
    higher = SignInSession.objects.exclude(user=None).get().pk

    signed_in_at(visitor, settings, "eidas1")

    assert visitor.client.get(page).headers["Location"] == f"{LEVEL_PAGE}?next={page}"
    assert not SignInSession.objects.filter(pk=higher).exists()
    assert SignInSession.objects.exclude(user=None).get().level == "eidas1"
