"""Answers that are meant to harm who asks."""

from __future__ import annotations

import time
import zlib
from functools import cache
from io import BufferedIOBase

from simulators.candidate_site.answers import Answer, redirect

BOMB_BYTES = 200_000_000
_ENDLESS = 200_000  # parts: 3 GB, more than anybody should take
_PART = b"<p>encore</p>" * 1_200
_DRIPS = 600


def hostile(host: str) -> dict[str, Answer]:
    """By path."""
    return {
        "/vers-interne": redirect("https://169.254.169.254/latest/meta-data/"),
        "/vers-nom-interne": redirect("https://interne.service-demo.example/"),
        "/vers-clair": redirect(f"http://{host}/"),
        "/vers-fichier": redirect("file:///etc/passwd"),
        "/boucle": redirect(f"https://{host}/boucle"),
        "/sans-fin": Answer(write=_endless),
        "/lent": Answer(write=_slow),
        "/coupe": Answer(headers={"Content-Length": "100000"}, write=_cut),
        "/bombe": Answer(headers={"Content-Encoding": "gzip"}, write=_bomb),
        "/type": Answer(media_type="image/png", body=b"\x89PNG\r\n\x1a\n"),
        "/entetes": Answer(raw=_headers),
        "/charabia": Answer(raw=_gibberish),
        "/script": Answer(body=b"<!doctype html><title>Carnet</title><div id=app></div><script src=/app.js></script>"),
    }


def _endless(out: BufferedIOBase) -> None:
    out.writelines(_PART for _ in range(_ENDLESS))


def _slow(out: BufferedIOBase) -> None:
    for _ in range(_DRIPS):
        out.write(b".")
        out.flush()
        time.sleep(0.2)


def _cut(out: BufferedIOBase) -> None:
    out.write(_PART)


def _bomb(out: BufferedIOBase) -> None:
    out.write(_squeezed())


@cache
def _squeezed() -> bytes:
    squeezer, zeros = zlib.compressobj(9, wbits=31), bytes(1_000_000)
    parts = [squeezer.compress(zeros) for _ in range(BOMB_BYTES // len(zeros))]
    return b"".join([*parts, squeezer.flush()])


def _headers(out: BufferedIOBase) -> None:
    out.write(b"HTTP/1.1 200 OK\r\n")
    out.writelines(b"X-%d: %s\r\n" % (number, b"a" * 500) for number in range(100_000))
    out.write(b"\r\n")


def _gibberish(out: BufferedIOBase) -> None:
    out.write(b"\x00\x01\x02 ceci n'est pas une reponse\r\n\r\n")
