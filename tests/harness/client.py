"""The test client: safe methods only read, on-commit callbacks run, pages are looked at."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase
from django.urls import Resolver404, resolve

from tests.harness.pages import check_page
from tests.harness.reading import EXEMPT_NAMES, SAFE_METHODS, refuse_writes
from tests.harness.spaces import refuse_without_space


class PortalClient(Client):
    """Django's client with the guards of the harness.

    `braces_allowed`: the pages show texts of people in which `{{` may stand.
    """

    braces_allowed = False

    def request(self, **request: Any) -> HttpResponse:
        method, path = request.get("REQUEST_METHOD", "GET"), request.get("PATH_INFO", "/")
        with (
            TestCase.captureOnCommitCallbacks(execute=True),
            self._reading_only(method, path),
            connection.execute_wrapper(refuse_without_space),
        ):
            response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            html = response.content.decode(response.charset)
            check_page(html, where=f"{method} {path}", braces_allowed=self.braces_allowed)
        return response

    def _reading_only(self, method: str, path: str) -> AbstractContextManager[None]:
        if method not in SAFE_METHODS or _is_exempt(path):
            return nullcontext()
        return connection.execute_wrapper(refuse_writes)


def _is_exempt(path: str) -> bool:
    try:
        return resolve(path).view_name in EXEMPT_NAMES
    except Resolver404:
        return False
