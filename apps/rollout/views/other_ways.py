"""O-10: phone, post, counter, sign language; the form to print. O-09 stands beside it in `resending`."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from apps.rollout.services import paper_form
from apps.rollout.views.paper_words import paper_words
from apps.ui.middleware import indexable

LANGUAGE = "fr"
# Last part of the address → size of the letters in points, None for the text that can be worked on.
KINDS = {"formulaire.pdf": 11, "formulaire-grands-caracteres.pdf": 18, "formulaire.rtf": None}


@require_safe
@indexable
def opposition_other_ways(request: HttpRequest) -> HttpResponse:
    """Ways without a code, open whatever has been tried before."""
    return render(request, "rollout/opposition_other_ways.html", {"postal_address": settings.OPPOSITION_POSTAL_ADDRESS})


@require_safe
def opposition_form(request: HttpRequest, kind: str) -> HttpResponse:
    """The form for the post: tagged PDF, the same in large print, and RTF."""
    del request
    if kind not in KINDS:
        raise Http404
    size = KINDS[kind]
    with override(LANGUAGE):
        words = paper_words()
    data = paper_form.as_pdf(words, size=size) if size is not None else paper_form.as_rtf(words)
    media = "application/pdf" if size is not None else "application/rtf"
    headers = {"Content-Disposition": f'attachment; filename="opposition-{kind}"'}
    return HttpResponse(data, content_type=media, headers=headers)


def too_many_tries(request: HttpRequest, retry_at: datetime | None) -> HttpResponse:
    """O-10 instead of O-02: the limit closes one way and no other (SEC-09)."""
    context = {"retry_at": retry_at, "is_limited": True, "postal_address": settings.OPPOSITION_POSTAL_ADDRESS}
    return render(request, "rollout/opposition_other_ways.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
