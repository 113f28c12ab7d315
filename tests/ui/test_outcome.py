"""Outcomes travel in messages: first in the title of the next page, then in an alert that takes the focus."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import Context, Template
from django.test import RequestFactory

from apps.ui import outcome
from apps.ui.outcome import Outcome

XSS = "<script>alert(1)</script>"


def _request():
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    return request


def _page(request):
    source = "{% load ens_ui %}<title>{% title_prefix %}Documents</title>{% outcome_alerts %}"
    return Template(source).render(Context({"request": request}))


def test_an_outcome_comes_back_whole():
    request = _request()
    told = Outcome(
        title="Document masqué", detail="Les professionnels ne le voient plus.", link_url="/x/", link_label="Annuler"
    )

    outcome.tell(request, told)

    assert outcome.read(get_messages(request)) == (told,)


def test_the_title_and_the_alert_say_it():
    request = _request()
    outcome.tell(request, Outcome(title="Document masqué", link_url="/rendre-visible/", link_label="Annuler"))

    html = _page(request)

    assert "<title>Document masqué – Documents</title>" in html
    assert 'class="fr-alert fr-alert--success fr-my-3w" tabindex="-1" data-ens-outcome' in html
    assert '<a class="fr-link" href="/rendre-visible/">Annuler</a>' in html


def test_sec_07_an_outcome_is_escaped_in_both_places():
    request = _request()
    outcome.tell(request, Outcome(title=XSS, detail=XSS, link_url=f"/{XSS}", link_label=XSS))

    assert "<script" not in _page(request)


def test_messages_of_libraries_are_shown_as_they_are():
    request = _request()
    messages.warning(request, "Attention", extra_tags="other")

    assert outcome.read(get_messages(request)) == (Outcome(title="Attention", level=messages.WARNING),)
    assert "fr-alert--warning" in _page(request)


def test_a_page_without_outcome_has_a_plain_title():
    assert "<title>Documents</title>" in _page(_request())
