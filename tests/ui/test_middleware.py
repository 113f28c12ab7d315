"""Headers of every page (security.md 4) and error pages for bare refusals (ER-01)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.test import RequestFactory

from apps.ui.middleware import ErrorPagesMiddleware, SecurityHeadersMiddleware, indexable


def _with_headers(response, **request):
    return SecurityHeadersMiddleware(lambda _request: response)(RequestFactory(**request).get("/"))


def test_every_page_has_the_headers():
    response = _with_headers(HttpResponse())

    assert response["Permissions-Policy"] == (
        "camera=(), microphone=(), geolocation=(), usb=(), payment=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    )
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Vary"] == "Cookie"
    assert "Cache-Control" not in response


def test_sec_16_with_a_session_nothing_is_kept(settings):
    asked = _with_headers(HttpResponse(), HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}=x")
    opening = HttpResponse()
    opening.set_cookie(settings.SESSION_COOKIE_NAME, "x")

    assert asked["Cache-Control"] == "no-store, private"
    assert _with_headers(opening)["Cache-Control"] == "no-store, private"


def test_files_do_not_vary_by_cookie():
    assert "Vary" not in _with_headers(HttpResponse(b"%PDF", content_type="application/pdf"))


def test_public_pages_may_be_indexed():
    response = _with_headers(indexable(HttpResponse)())

    assert response["X-Robots-Tag"] == "all"


def _dressed(response, accept="text/html"):
    return ErrorPagesMiddleware(lambda _request: response)(RequestFactory().get("/", headers={"accept": accept}))


def test_a_bare_refusal_gets_the_page():
    html = _dressed(HttpResponseForbidden()).content.decode()

    assert "<title>Erreur 403 – Accès refusé – Espace santé</title>" in html


def test_a_refused_method_keeps_its_header():
    response = _dressed(HttpResponseNotAllowed(["POST"]))

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Action impossible ici" in response.content.decode()


def test_a_refusal_with_a_body_of_its_own_is_left_alone():
    assert _dressed(HttpResponseForbidden("no")).content == b"no"


def test_machines_get_no_page():
    assert _dressed(HttpResponseForbidden(), accept="application/json").content == b""
