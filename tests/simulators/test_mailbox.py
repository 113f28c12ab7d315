"""The catch-all of the demonstration: takes every mail, shows it, sends nothing on."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import httpx
import pytest

from tests.simulators.process import ROOT, free_port

COMMAND = [sys.executable, "-m", "simulators.mailbox"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A running box."""

    process: subprocess.Popen[bytes]
    pages: int
    smtp: int

    def get(self, path: str = "/") -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.pages}{path}", trust_env=False)

    def send(self, message: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=5) as client:
            client.send_message(message)

    def empty(self) -> httpx.Response:
        return httpx.post(f"http://127.0.0.1:{self.pages}/vider/", trust_env=False)


def environment(pages: int, smtp: int) -> dict[str, str]:
    return {**os.environ, "ENS_MAILBOX_PORT": str(pages), "ENS_MAIL_PORT": str(smtp)}


@pytest.fixture(scope="module")
def running() -> Iterator[Box]:
    pages, smtp = free_port(), free_port()
    process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment(pages, smtp), stderr=subprocess.DEVNULL)
    box = Box(process=process, pages=pages, smtp=smtp)
    for _ in range(100):
        try:
            box.get()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            break
    yield box
    process.terminate()
    assert process.wait(timeout=10) == 0


@pytest.fixture
def box(running: Box) -> Box:
    running.empty()
    return running


def mail(*, to: str = "alice@example.org", subject: str = "Objet à accents", text: str = "Bonjour.") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "portail@example.org", to, subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message


def links(page: httpx.Response) -> list[str]:
    return [part.partition('"')[0] for part in page.text.split('<a href="')[1:] if part.startswith("/mails/")]


def test_an_empty_box_says_so(box):
    page = box.get()

    assert "Aucun mail pour l'instant" in page.text
    assert '<html lang="fr">' in page.text


def test_list_shows_to_and_subject_newest_first(box):
    box.send(mail(subject="Premier"))
    box.send(mail(to="bob@example.org", subject="Deuxième"))

    page = box.get()

    assert "2 mails, le plus récent d'abord." in page.text
    assert page.text.index("Deuxième") < page.text.index("Premier")
    assert "bob@example.org" in page.text


def test_one_mail_shows_text_html_and_source(box):
    box.send(mail(text="Un été à Nîmes."))

    (link,) = links(box.get())
    page, source = box.get(link), box.get(f"{link}source/")

    assert "<h1>Objet à accents</h1>" in page.text
    assert "<pre>Un été à Nîmes.\n</pre>" in page.text
    assert "&lt;p&gt;Un été à Nîmes.&lt;/p&gt;" in page.text
    assert source.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "From: portail@example.org" in source.text


def test_nothing_of_a_mail_becomes_part_of_the_page(box):
    box.send(mail(subject='<script>alert(1)</script>"', text="<img src=x onerror=alert(1)>"))

    (link,) = links(box.get())

    for page in (box.get(), box.get(link)):
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_line_that_is_a_dot_stays(box):
    box.send(mail(text="avant\n.\naprès"))

    (link,) = links(box.get())

    assert "avant\n.\naprès" in box.get(link).text


def test_emptying_it(box):
    box.send(mail())

    assert box.empty().headers["Location"] == "/"

    assert "Aucun mail" in box.get().text


@pytest.mark.parametrize("path", ["/mails/999999/", "/mails/x/", "/nowhere", "/mails/1/source/x"])
def test_unknown_pages(box, path):
    assert box.get(path).status_code == 404


def test_envelope_faults_that_an_address_asks_for(box):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        box.send(mail(to="unknown@example.org"))
    assert refused.value.recipients["unknown@example.org"][0] == 550
    with pytest.raises(smtplib.SMTPServerDisconnected):
        box.send(mail(to="drop-before@example.org"))
    assert "Aucun mail" in box.get().text
    with pytest.raises(smtplib.SMTPServerDisconnected):
        box.send(mail(to="drop-after@example.org"))
    assert "1 mail," in box.get().text


def test_commands_out_of_order(box):
    with smtplib.SMTP("127.0.0.1", box.smtp, timeout=5) as client:
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("VRFY", "root")[0] == 502
        assert client.noop()[0] == 250


def test_a_port_in_use_ends_with_its_name(box):
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(box.pages, box.smtp), capture_output=True, text=True, timeout=20, check=False
    )

    assert done.returncode == 1
    assert "Address already in use" in done.stderr


def test_a_variable_that_is_no_port_is_named():
    done = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env={**os.environ, "ENS_MAILBOX_PORT": "web"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert (done.returncode, done.stderr) == (2, "mailbox ENS_MAILBOX_PORT must be a number, not 'web'\n")
