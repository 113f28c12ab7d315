"""Legal pages (LE-01), one template a language, and the address for reports of faults (RFC 9116, SEC-33)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import select_template
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.journeys.legal_pages import VERSION, LegalPage
from apps.ui.middleware import indexable

FALLBACK_LANGUAGE = "fr"
SECURITY_TXT_DAYS = 180  # RFC 9116 asks for less than a year


@require_safe
@indexable
def page(request: HttpRequest, page: LegalPage) -> HttpResponse:
    languages = (get_language() or FALLBACK_LANGUAGE, FALLBACK_LANGUAGE)
    template = select_template([f"journeys/legal/{language}/{page.value}.html" for language in languages])
    return render(request, template.template.name, {"version": VERSION})


@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    expires = timezone.now() + timedelta(days=SECURITY_TXT_DAYS)
    lines = (
        f"Contact: {settings.PORTAL_URL}/securite/",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.PORTAL_URL}/.well-known/security.txt",
        f"Policy: {settings.PORTAL_URL}/securite/",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
