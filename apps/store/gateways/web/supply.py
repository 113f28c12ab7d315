"""What the browser of one visit is given: every address through the guard, within a count and a size (STO-112)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from apps.formats.sandbox.frames import Message
from apps.store.gateways.web.base import RefusedUrlError, WebError
from apps.store.gateways.web.client import Asked, GuardedWeb
from apps.store.gateways.web.deadlines import Deadline

_MOST_QUESTIONS = 300
_MOST_BYTES = 50_000_000
_SECONDS = 8.0  # for one part of a page
# Lengths and packings are those of the line, not of what is handed over.
_NOT_HANDED_OVER = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer"}
)


@dataclass(kw_only=True)
class Supply:
    """Answers the questions of a browser and remembers which hosts it wanted to ask."""

    web: GuardedWeb
    page: Asked
    deadline: Deadline
    _asked: dict[str, None] = field(default_factory=dict)
    _refused: dict[str, None] = field(default_factory=dict)
    _questions: int = 0
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_closed: bool = False

    @property
    def url(self) -> str:
        """Where the page itself stands, after its redirects."""
        return self.page.url

    @property
    def requests(self) -> tuple[str, ...]:
        """Hosts beside the page's own that were asked, whether they answered or not."""
        return tuple(sorted(set(self._asked) - {_host_of(self.url)}))

    @property
    def refused(self) -> tuple[str, ...]:
        """Hosts that the guard did not let the page ask."""
        return tuple(sorted(self._refused))

    def close(self) -> None:
        """No further question is asked: the browser has ended."""
        self._is_closed = True

    def answer(self, question: Mapping[str, Any]) -> Message:
        """`{"ask": number, "url": …, "is_get": …}` → status, header lines and body, or `{"stopped": reason}`."""
        number, url = question.get("ask"), str(question.get("url", ""))
        try:
            asked = self._found(url, is_get=question.get("is_get") is True)
        except RefusedUrlError as error:
            self._note(self._refused, url)
            return Message(facts={"answer": number, "stopped": error.reason})
        except WebError as error:
            self._note(self._asked, url)
            return Message(facts={"answer": number, "stopped": error.reason})
        if asked is None:
            return Message(facts={"answer": number, "stopped": "limit"})
        lines = [line for line in asked.answer.lines if line[0] not in _NOT_HANDED_OVER]
        facts = {"answer": number, "status": asked.answer.status, "lines": lines}
        return Message(facts=facts, payloads=(asked.answer.body.content,))

    def _found(self, url: str, *, is_get: bool) -> Asked | None:
        """None for what is noted only: other methods than GET, too many questions, too much of an answer."""
        if url == self.url and is_get:
            return self.page
        with self._lock:
            self._questions += 1
            is_too_much = self._questions > _MOST_QUESTIONS or self._bytes > _MOST_BYTES or self._is_closed
        if is_too_much or not is_get:
            self.web.judge(url)
            self._note(self._asked, url)
            return None
        asked = self.web.ask(url, deadline=Deadline(seconds=self.deadline.left(most=_SECONDS)))
        with self._lock:
            self._bytes += len(asked.answer.body.content)
        self._note(self._asked, url, *asked.hops)
        return asked

    def _note(self, hosts: dict[str, None], *urls: str) -> None:
        with self._lock:
            hosts.update((host, None) for url in urls if (host := _host_of(url)))


def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:253]
    except ValueError:
        return ""
