"""Pages of the box: the list, one mail, its source; plain HTML without script, in French."""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from simulators.mailbox.letters import Letters, Received

STYLE = Path(__file__).with_name("style.css")
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": POLICY,
}
ONE = re.compile(r"/mails/(\d{1,9})/(source/)?")
PARIS = ZoneInfo("Europe/Paris")
SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")
PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Boîte aux lettres de démonstration</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<p><strong>Boîte aux lettres de démonstration</strong>. Tous les mails du portail arrivent ici, aucun ne part.</p>
</header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


class Pages(BaseHTTPRequestHandler):
    """One request; the log holds no address and no subject."""

    protocol_version = "HTTP/1.1"
    server_version = "Mailbox"
    sys_version = ""
    letters: Letters

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        found = ONE.fullmatch(path)
        letter = self.letters.get(int(found[1])) if found else None
        if path == "/":
            self._page("Mails reçus", _list(self.letters.all()))
        elif path == "/style.css":
            self._send(200, STYLE.read_bytes(), "text/css; charset=utf-8")
        elif letter is None:
            self._page("Cette page n'existe pas", '<p><a href="/">Mails reçus</a></p>', 404)
        elif found is not None and found[2]:
            self._send(200, letter.source, "text/plain; charset=utf-8")
        else:
            self._page(letter.subject or "Sans objet", _one(letter))

    def do_POST(self) -> None:
        if urlsplit(self.path).path != "/vider/":
            self._page("Cette page n'existe pas", '<p><a href="/">Mails reçus</a></p>', 404)
            return
        self.rfile.read(min(int(self.headers.get("Content-Length", "0") or 0), 1024))
        self.letters.clear()
        self._send(303, b"", "text/plain", {"Location": "/"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (name of the standard library)
        """Nothing: the pages show what there is to know."""

    def _page(self, title: str, body: str, status: int = 200) -> None:
        html = PAGE.format(title=escape(title), body=body)
        self._send(status, html.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, media_type: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": media_type, **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def server(port: int, letters: Letters) -> ThreadingHTTPServer:
    """The pages on loopback only."""
    made = ThreadingHTTPServer(("127.0.0.1", port), type("BoxPages", (Pages,), {"letters": letters}))
    made.daemon_threads = True
    return made


def _list(letters: list[Received]) -> str:
    if not letters:
        return "<p>Aucun mail pour l'instant. Ceux du portail arrivent ici une minute après ce qu'ils annoncent.</p>"
    said = f"<p>{len(letters)} mail{'s' if len(letters) > 1 else ''}, le plus récent d'abord.</p>"
    rows = "\n".join(_row(letter) for letter in letters)
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Reçu", "À", "Objet"))
    table = f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    form = '<form method="post" action="/vider/"><p><button type="submit">Vider la boîte</button></p></form>'
    return f"{said}\n{table}\n{form}"


def _row(letter: Received) -> str:
    to = escape(", ".join(letter.recipients))
    link = f'<a href="/mails/{letter.number}/">{escape(letter.subject or "Sans objet")}</a>'
    return f"<tr><td>{_hour(letter)}</td><td>{to}</td><td>{link}</td></tr>"


def _one(letter: Received) -> str:
    message = letter.message()
    heads = "\n".join(
        f"<dt>{name}</dt><dd>{escape(str(make_header(decode_header(str(message[name])))))}</dd>"
        for name in SHOWN_HEADERS
        if message[name]
    )
    return (
        f"<dl>\n<dt>Reçu</dt><dd>{_hour(letter)}</dd>\n{heads}\n</dl>\n"
        f"<h2>Texte</h2>\n<pre>{escape(letter.part('plain'))}</pre>\n"
        f"<h2>HTML</h2>\n<pre>{escape(letter.part('html'))}</pre>\n"
        f'<p><a href="/mails/{letter.number}/source/">Source du mail</a></p>\n<p><a href="/">Mails reçus</a></p>'
    )


def _hour(letter: Received) -> str:
    return f"{letter.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}"
