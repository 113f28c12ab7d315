"""Error pages (ER-01): same frame, what happened, what to do, phone, reference; texts of pages.md 18.3."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import structlog
import time_machine
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import RequestFactory

from apps.ui import errors, reference

IDENTIFIER = "7c4e19a2-4534-4d65-b06a-00b954162caa"


@pytest.fixture
def identified():
    with structlog.contextvars.bound_contextvars(request_id=IDENTIFIER):
        yield


def _request(**headers):
    return RequestFactory().post("/x/", {"note": '<script>"', "csrfmiddlewaretoken": "t"}, headers=headers)


TITLES = {
    400: "Demande non comprise",
    403: "Accès refusé",
    404: "Page introuvable",
    405: "Action impossible ici",
    410: "Page retirée",
    413: "Envoi trop volumineux",
    429: "Trop d'essais",
    500: "Une erreur est survenue",
    503: "Service interrompu",
}


@pytest.mark.parametrize(("number", "title"), TITLES.items())
def test_er_01_each_page_names_the_error_the_phone_and_the_reference(identified, number, title):
    response = errors.page(_request(), HTTPStatus(number))
    html = response.content.decode()

    assert response.status_code == number
    assert f"<title>Erreur {number} – {title} – Espace santé</title>" in html
    assert html.count("<h1>") == 1
    assert "02\u00a061\u00a091\u00a040\u00a040" in html
    assert "7C4E-19A2" in html


def test_er_01_texts_of_404_and_500():
    assert "Cette page n'existe pas, ou vous n'y avez pas accès." in _text(404)
    assert "Une erreur est survenue de notre côté. Rien de ce que vous aviez enregistré n'est perdu." in _text(500)


def _text(number):
    return errors.page(_request(), HTTPStatus(number)).content.decode()


@pytest.mark.parametrize("number", [500, 503])
def test_er_01_500_and_503_need_neither_session_nor_database(number):
    """No database mark: pytest-django refuses any query here; the request has no user and no session."""
    assert "Aller à l'accueil" in _text(number)


def test_er_01_429_says_the_hour_of_the_next_try():
    with time_machine.travel("2026-11-25T09:00:00+01:00", tick=False):
        html = errors.body(_request(), HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": "600"})

    assert "Réessayez à partir de 9\u00a0h\u00a010." in html


@pytest.mark.parametrize(
    ("seconds", "hour"), [("59", "9\u00a0h\u00a001"), ("60", "9\u00a0h\u00a001"), ("61", "9\u00a0h\u00a002")]
)
def test_er_01_the_hour_of_the_next_try_is_never_too_early(seconds, hour):
    with time_machine.travel("2026-11-25T09:00:00+01:00", tick=False):
        html = errors.body(_request(), HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": seconds})

    assert f"Réessayez à partir de {hour}." in html


def test_er_01_413_names_the_limit():
    response = errors.bad_request(_request(), RequestDataTooBig())

    assert response.status_code == 413
    assert "au plus 2,6\u00a0Mo" in response.content.decode()
    assert errors.bad_request(_request(), SuspiciousOperation()).status_code == 400


def test_er_01_csrf_keeps_the_answers_typed_on_our_own_page():
    response = errors.csrf_failure(_request(origin="http://testserver"))
    html = response.content.decode()

    assert response.status_code == 403
    assert "Votre page était trop ancienne. Vos réponses sont gardées." in html
    assert '<input type="hidden" name="note" value="&lt;script&gt;&quot;">' in html
    assert 'value="t"' not in html


@pytest.mark.parametrize("origin", ["https://example.org", "null", ""])
def test_er_01_csrf_gives_nothing_back_to_another_site(origin):
    html = errors.csrf_failure(_request(origin=origin)).content.decode()

    assert 'name="note"' not in html
    assert "Vos réponses sont gardées" not in html


@pytest.mark.parametrize(
    ("identifier", "shown"), [(IDENTIFIER, "7C4E-19A2"), ("", ""), ('"><script>', ""), ("7c4e19", "")]
)
def test_the_reference_is_read_aloud(identifier, shown):
    assert reference.spoken(identifier) == shown
