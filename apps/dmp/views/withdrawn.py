"""A document that its author deleted between list and click (DMP-65)."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from apps.spaces.entry import SpaceRequest


def withdrawn_page(request: SpaceRequest) -> HttpResponse:
    """410 with the way back to the list."""
    return render(request, "dmp/document_withdrawn.html", status=HTTPStatus.GONE)
