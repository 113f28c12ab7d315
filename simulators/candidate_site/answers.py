"""What a site answers, as values; hostile answers write to the connection themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from io import BufferedIOBase
from pathlib import Path

TEXTS = Path(__file__).with_name("texts")
HTML = "text/html; charset=utf-8"
JSON = "application/json"
Write = Callable[[BufferedIOBase], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`write`: bytes of one's own after the head, instead of a body; `raw`: instead of the head as well."""

    status: int = 200
    media_type: str = HTML
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    write: Write | None = None
    raw: Write | None = None

    def with_headers(self, **headers: str) -> Answer:
        """The same with further header lines, `_` for `-`."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **more})


def text_of(name: str, **values: str) -> str:
    """A file of `texts`, with `{{ name }}` filled in."""
    text = (TEXTS / name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace("{{ " + key + " }}", value)
    return text


def page(title: str, content: str, *, lang: str = "fr", head: str = "") -> Answer:
    """A page of HTML with the frame of the site."""
    return Answer(
        body=text_of("frame.html", lang=lang, title=title, head=head, content=content).encode(),
    )


def data(value: object, *, media_type: str = JSON, status: int = 200) -> Answer:
    """JSON."""
    return Answer(status=status, media_type=media_type, body=json.dumps(value, ensure_ascii=False).encode())


def plain(text: str, *, media_type: str = "text/plain; charset=utf-8") -> Answer:
    """Text without form."""
    return Answer(media_type=media_type, body=text.encode())


def redirect(location: str, *, status: int = 302) -> Answer:
    """Elsewhere."""
    return Answer(status=status, headers={"Location": location})


MISSING = Answer(status=404, body=b"<!doctype html><title>Introuvable</title><p>Cette page n'existe pas.</p>")
