"""A visitor with a letter in the hand: the steps of the pages of opposition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.urls import reverse

from tests.harness.client import PortalClient


@dataclass(slots=True)
class Visitor:
    """A browser; `page` is the last answer, redirects followed."""

    client: PortalClient = field(default_factory=PortalClient)
    page: HttpResponse | None = None

    def get(self, name: str, *args: object) -> HttpResponse:
        self.page = self.client.get(url(name, *args), follow=True)
        return self.page

    def post(self, name: str, **values: object) -> HttpResponse:
        """Sends the hidden fields of the page as well, as a browser does."""
        hidden = hidden_fields(self.text) if self.page is not None else {}
        self.page = self.client.post(url(name), {**hidden, **values}, follow=True)
        return self.page

    @property
    def text(self) -> str:
        """With plain spaces for those that do not break, so that a test can be read."""
        assert self.page is not None
        return self.page.content.decode().replace("\u00a0", " ").replace("\u202f", " ")

    @property
    def path(self) -> str:
        assert self.page is not None
        return str(self.page.request["PATH_INFO"])

    def identify(self, code: str, birth_date: str = "1984-06-14") -> HttpResponse:
        year, month, day = birth_date.split("-")
        return self.post("opposition_identify", code=code, day=day, month=month, year=year)

    def to_check(self, code: str, *, choice: str = "opposer", **values: object) -> HttpResponse:
        """Code, capacity, choice."""
        birth = str(values.pop("birth_date", "1984-06-14"))
        self.identify(code, birth)
        self.post("opposition_capacity", **{"capacity": "self", "mail": "", **values})
        return self.post("opposition_choice", choice=choice)

    def oppose(self, code: str, **values: object) -> HttpResponse:
        self.to_check(code, **values)
        return self.post("opposition_check")


def url(name: str, *args: object) -> str:
    return reverse(f"rollout:{name}", args=args)


def hidden_fields(text: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text)
    return {name: value for name, value in found if name in {"dossier", "lu"}}
