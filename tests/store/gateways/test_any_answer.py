"""Whatever a server sends: a page within the limits, or an error of the gateway; never another fault (SEC-12)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.store.gateways.web.base import WebError
from apps.store.gateways.web.deadlines import Limits
from tests.store.gateways.internet import internet
from tests.store.gateways.places import saying

HOST = "exemple-sante.fr"
LINES = st.sampled_from(
    [
        b"Content-Length: 5",
        b"Content-Length: 0",
        b"Content-Length: x",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: identity",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Location: /a",
        b"Location: //b.fr\xe9/",
        b"Location: https://[::1]/",
        b"Location: https://exemple-sante.fr:99999/",
        b"Connection: keep-alive",
        b"Upgrade: h2c",
        b": vide",
        b"Sans deux-points",
        b" suite",
        b"X: \xff\xfe",
        b"",
    ]
)
HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200",
        b"HTTP/1.1 301 x",
        b"HTTP/1.1 204 x",
        b"HTTP/1.1 99 x",
        b"HTTP/2 200",
        b"ICY 200",
    ]
)
ANSWERS = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda head, lines, body: b"\r\n".join([head, *lines]) + b"\r\n\r\n" + body,
        HEADS,
        st.lists(LINES, max_size=5),
        st.binary(max_size=60),
    ),
)


@pytest.fixture(scope="module")
def answering(authority):
    """A site whose answer is changed from question to question."""
    answer = [b""]

    def handler(connection, ended):
        saying(answer[0])(connection, ended)

    with internet(authority) as net:
        net.site(HOST, handler, port=80)
        yield net.web(limits=Limits(total=5, redirects=2)), answer


@settings(max_examples=150)
@given(ANSWERS)
def test_sec_12_any_answer_is_a_page_or_an_error_of_ours(answering, sent):
    web, answer = answering
    answer[0] = sent

    with suppress(WebError):
        page = web.get(f"http://{HOST}/", plain=True)
        assert 0 <= page.status < 1000
        assert len(page.body) <= 10_000_000
