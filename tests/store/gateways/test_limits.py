"""Answers that do not end, or hide their size: bounded in time and in memory (STO-110, decisions 24)."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from time import monotonic

import pytest

from apps.store.gateways.web.base import UnreachableError
from apps.store.gateways.web.deadlines import Limits
from tests.store.gateways.internet import SHORT
from tests.store.gateways.places import dripping, page, saying

HOST = "exemple-sante.fr"
OK = b"HTTP/1.1 200 OK\r\n"
UNPACKED = 30_000_000


def packed(kind: str) -> bytes:
    """Thirty megabytes of nothing."""
    pressed = {
        "gzip": lambda: gzip.compress(bytes(UNPACKED)),
        "deflate": lambda: zlib.compress(bytes(UNPACKED)),
        "raw": lambda: zlib.compress(bytes(UNPACKED))[2:-4],
    }
    return pressed[kind]()


class TestTime:
    @pytest.mark.parametrize(
        ("first", "drop"),
        [
            (b"", b""),
            (b"HTTP/1.1 2", b"0"),
            (OK, b"X-Line: a\r\n"),
            (OK + b"X-Line: ", b"a"),
            (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
            (OK + b"Content-Length: 1000\r\n\r\n", b"a"),
            (OK + b"\r\n", b"a"),
            (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
            (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
        ],
    )
    def test_decisions_24_a_slow_answer_ends(self, net, first, drop):
        net.site(HOST, dripping(first, drop))
        begin = monotonic()

        with pytest.raises(UnreachableError, match="timeout"):
            net.web(limits=SHORT).get(f"https://{HOST}/")

        assert monotonic() - begin < 3

    def test_decisions_24_one_clock_for_all_hops(self, net):
        """Each hop would be in time on its own."""
        limits = Limits(total=0.8)
        head = b"HTTP/1.1 302 Found\r\nLocation: /\r\nX-Slow: "

        def slow(connection, ended):
            connection.sendall(head)
            ended.wait(0.5)
            connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")

        place = net.site(HOST, slow)
        with pytest.raises(UnreachableError, match="timeout"):
            net.web(limits=limits).get(f"https://{HOST}/")
        assert place.met == 2

    def test_a_handshake_that_never_ends(self, net):
        net.site(HOST, dripping(b"\x16\x03\x03\x40\x00", b"\x02"), port=80)
        net.places["93.184.215.14", 443] = net.places["93.184.215.14", 80]
        begin = monotonic()

        for ask in (net.web(limits=SHORT).get, lambda _url: net.web(limits=SHORT).handshake(HOST)):
            with pytest.raises(UnreachableError, match="timeout"):
                ask(f"https://{HOST}/")
        assert monotonic() - begin < 5


class TestSize:
    def test_decisions_24_two_megabytes_are_taken(self, net):
        net.site(HOST, page(b"a" * 2_000_000))

        got = net.web().get(f"https://{HOST}/")

        assert (len(got.body), got.is_cut) == (2_000_000, False)

    @pytest.mark.parametrize(
        ("first", "drop"),
        [
            (OK + b"\r\n", b"a" * 65536),
            (OK + b"Content-Length: 999999999999\r\n\r\n", b"a" * 65536),
            (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"a" * 65536 + b"\r\n"),
        ],
    )
    def test_decisions_24_an_endless_body_is_cut(self, net, first, drop):
        net.site(HOST, dripping(first, drop, each=0))

        got = net.web().get(f"https://{HOST}/")

        assert (len(got.body), got.is_cut) == (2_000_000, True)

    def test_a_length_that_lies_is_not_believed(self, net):
        net.site(HOST, saying(OK + b"Content-Length: 3\r\n\r\nabcdef"))

        assert net.web().get(f"https://{HOST}/").body == b"abc"

    @pytest.mark.parametrize("lines", [["X: " + "a" * 200_000], [f"X-{number}: a" for number in range(20_000)]])
    def test_huge_headers_are_no_answer(self, net, lines):
        net.site(HOST, page(lines=tuple(lines)))

        with pytest.raises(UnreachableError, match="broken"):
            net.web().get(f"https://{HOST}/")


class TestPacking:
    @pytest.mark.parametrize(
        ("kind", "name"), [("gzip", "gzip"), ("gzip", "X-GZIP"), ("deflate", "deflate"), ("raw", "deflate")]
    )
    def test_sto_110_a_bomb_is_cut_at_ten_megabytes(self, net, kind, name):
        bomb = packed(kind)
        net.site(HOST, page(bomb, lines=(f"Content-Encoding: {name}",)))
        web = net.web()
        tracemalloc.start()
        try:
            got = web.get(f"https://{HOST}/")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert len(bomb) < 50_000
        assert (len(got.body), got.is_cut) == (10_000_000, True)
        assert peak < 3 * 10_000_000

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (gzip.compress(b"page", mtime=0), "gzip"),
            (zlib.compress(b"page"), "deflate"),
            (zlib.compress(b"page")[2:-4], "deflate"),
        ],
    )
    def test_a_packed_page_is_unpacked(self, net, content, name):
        net.site(HOST, page(content, lines=(f"Content-Encoding: {name}",)))

        got = net.web().get(f"https://{HOST}/")

        assert (got.body, got.is_cut) == (b"page", False)

    def test_a_packed_page_without_its_end_is_cut(self, net):
        net.site(HOST, page(gzip.compress(b"page" * 100)[:-12], lines=("Content-Encoding: gzip",)))

        assert net.web().get(f"https://{HOST}/").is_cut

    def test_a_packed_nothing_is_nothing(self, net):
        net.site(HOST, page(b"", lines=("Content-Encoding: gzip",)))

        got = net.web().get(f"https://{HOST}/")

        assert (got.body, got.is_cut) == (b"", False)

    @pytest.mark.parametrize("name", ["br", "zstd", "compress", "gzip, gzip", "gzip,br", "inconnu"])
    def test_packings_that_nobody_asked_for_are_not_unpacked(self, net, name):
        net.site(HOST, page(b"abc", lines=(f"Content-Encoding: {name}",)))

        with pytest.raises(UnreachableError, match="broken"):
            net.web().get(f"https://{HOST}/")

    def test_damaged_packing(self, net):
        net.site(HOST, page(b"pas du gzip", lines=("Content-Encoding: gzip",)))

        with pytest.raises(UnreachableError, match="broken"):
            net.web().get(f"https://{HOST}/")
