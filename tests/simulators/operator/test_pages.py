"""Pages of the operator, over real HTTP; the portal's door is a fake one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import httpx
import pytest

from simulators.mssante_operator import html, web
from simulators.mssante_operator.boxes import Manner
from simulators.mssante_operator.operator import Operator
from simulators.mssante_operator.samples.catalogue import SAMPLES
from simulators.mssante_operator.site import Site
from tests.simulators.operator.world import ADDRESS, NOON, Taken, box, door, operator, parsed

MINE = {"box": "perrin", "to": ADDRESS}
ANSWER = (
    "From: patient <284064410920445@patient.mssante.example>\r\nTo: hugo.perrin@pro.mssante.example\r\n"
    "Subject: =?utf-8?q?R=C3=A9ponse?=\r\nMessage-ID: <reply@patient.mssante.example>\r\n{fields}"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    operator: Operator
    taken: Taken
    port: int

    def get(self, path: str = "/") -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False)

    def post(self, path: str, **fields: str) -> httpx.Response:
        return httpx.post(f"http://127.0.0.1:{self.port}{path}", data=fields, trust_env=False)

    def send(self, sample: str = "plain") -> str:
        """Address of the page of what was sent."""
        answer = self.post("/exemples/", sample=sample, **MINE)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def come(self, source: str) -> str:
        """A mail comes to the box of Dr Perrin; address of its page."""
        mail = self.operator.memory.receive(
            box="perrin", sender=ADDRESS, recipient="hugo.perrin@pro.mssante.example", source=source.encode()
        )
        return f"/recus/{mail.number}/"


@pytest.fixture
def pages(tmp_path) -> Iterator[Pages]:
    people = tmp_path / "patients.json"
    people.write_text(json.dumps([{
        "label": "Camille Morel", "number": "284064410920445", "authority": "1.2.250.1.213.1.4.10", "family": "MOREL",
        "given": "CAMILLE ANNE", "born": "19840614", "sex": "F",
    }]))  # fmt: skip
    taken = Taken()
    with door(taken) as port:
        running = operator(port, patients=people)
        served = web.server(0, Site(running).routes(), html.missing)
        Thread(target=served.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield Pages(operator=running, taken=taken, port=served.server_address[1])
        served.shutdown()
        served.server_close()


def test_boxes_with_their_addresses(pages):
    page = pages.get()

    assert '<html lang="fr">' in page.text
    assert "anne.lefort@pro.mssante.example" in page.text
    assert "inconnu@hors-confiance.example" in page.text
    assert page.text.count("<tr><td>") == 9
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_every_sample_can_be_chosen_and_sent(pages):
    page = pages.get("/exemples/")

    assert re.findall(r'name="sample" value="([^"]+)"', page.text) == [one.key for one in SAMPLES]
    assert f'<option value="{ADDRESS}">Camille Morel ({ADDRESS})</option>' in page.text
    for one in SAMPLES:
        pages.send(one.key)
    assert len(pages.taken.mails) == len(SAMPLES)


def test_a_sample_that_is_sent_shows_every_answer_of_the_door(pages):
    page = pages.get(pages.send("laboratory"))

    assert "<strong>Accepté : 250</strong>" in page.text
    assert "<td>RCPT</td><td>250</td><td>2.1.5 ok</td>" in page.text
    assert "Rien pour l&#x27;instant." in page.text or "Rien pour l'instant." in page.text
    assert "IHE_XDM.ZIP et sa copie PDF" in page.text


def test_a_refusal_is_shown_with_its_words(pages):
    pages.taken.answers["RCPT"] = "550 5.1.1 Aucune messagerie"

    page = pages.get(pages.send())

    assert "<strong>Refusé à RCPT : 550</strong>" in page.text
    assert "5.1.1 Aucune messagerie" in page.text


def test_the_traits_of_the_list_stand_in_the_package(pages):
    pages.send("laboratory")

    assert "MOREL CAMILLE 14/06/1984" in str(parsed(pages.taken.mails[0][2])["Subject"])


def test_another_address_wins_over_the_list(pages):
    answer = pages.post("/exemples/", sample="plain", other="279035121518989@patient.mssante.example", **MINE)

    assert answer.status_code == 303
    assert pages.taken.mails[0][1] == ["279035121518989@patient.mssante.example"]


@pytest.mark.parametrize(
    "fields",
    [
        {"sample": "plain", "to": ADDRESS},
        {"box": "perrin", "to": ADDRESS, "sample": "nothing"},
        {"box": "perrin", "sample": "plain", "other": "no address"},
        {"box": "perrin", "sample": "plain", "other": "a@b\r\nRCPT TO:<c@d>"},
    ],
)
def test_what_is_missing_is_said_and_nothing_leaves(pages, fields):
    assert pages.post("/exemples/", **fields).status_code == 400
    assert pages.taken.mails == []


def test_a_letter_that_a_professional_writes(pages):
    answer = pages.post(
        "/boites/perrin/ecrire/", to=ADDRESS, subject="Une  question\r\nBcc: x@y.example", text="À quelle heure ?",
        attached="picture", receipt="1", end="1",
    )  # fmt: skip

    assert answer.headers["Location"].startswith("/envois/")
    message = parsed(pages.taken.mails[0][2])
    assert message["Subject"] == "Une question Bcc: x@y.example"
    assert message["Bcc"] is None
    assert (message["X-MSS-MES"], message["Disposition-Notification-To"]) == ("FIN", "hugo.perrin@pro.mssante.example")
    assert message.get_body(("plain",)).get_content().strip() == "À quelle heure ?"
    assert [part.get_filename() for part in message.iter_attachments()] == ["photo.png"]


def test_mss_30_an_answer_names_what_it_answers(pages):
    here = pages.come(ANSWER.format(fields="References: <first@pro.mssante.example>\r\n", text="Merci."))
    form = pages.get(re.search(r'href="(/boites/perrin/ecrire/\?reponse=\d+)"', pages.get(here).text)[1])
    number = re.search(r'name="reponse" value="(\d+)"', form.text)[1]

    pages.post("/boites/perrin/ecrire/", reponse=number, subject="Re: Réponse", text="Je vous en prie.", attached="pdf")

    ((_, recipients, source),) = pages.taken.mails
    message = parsed(source)
    assert recipients == [ADDRESS]
    assert message["In-Reply-To"] == "<reply@patient.mssante.example>"
    assert message["References"] == "<first@pro.mssante.example> <reply@patient.mssante.example>"
    assert 'value="Re: Réponse"' in form.text


def test_what_came_is_shown_as_text_with_its_picture(pages):
    source = (
        ANSWER.format(fields="", text="<script>x</script>").replace("Content-Type: text/plain; charset=utf-8\r\n", "")
        .replace("\r\n\r\n", '\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n', 1)
        + '--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="moi.png"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
    )  # fmt: skip
    here = pages.come(source)

    page, picture = pages.get(here), pages.get(f"{here}pieces/0/")

    assert "&lt;script&gt;x&lt;/script&gt;" in page.text
    assert f'<img src="{here}pieces/0/" alt="Image jointe">' in page.text
    assert (picture.headers["Content-Type"], picture.content) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert "moi.png" in page.text
    assert pages.get(f"{here}source/").text == source
    assert "Réponse" in pages.get("/boites/perrin/").text


def test_other_attachments_are_downloaded(pages):
    here = pages.come(pages.operator.send_sample(
        box("perrin"), ADDRESS, next(one for one in SAMPLES if one.key == "laboratory"), at=NOON,
    ).source.decode())  # fmt: skip

    page, archive = pages.get(here), pages.get(f"{here}pieces/0/")

    assert "<li>IHE_XDM/SUBSET01/METADATA.XML</li>" in page.text
    assert archive.headers["Content-Disposition"] == "attachment"
    assert archive.content.startswith(b"PK")
    assert pages.get(f"{here}pieces/9/").status_code == 404


def test_mss_65_receipts_answers_and_notices_stand_with_what_they_are_about(pages):
    here = pages.send("receipt")
    sent = pages.operator.memory.sent()[0].message_id
    kinds = {
        "disposition-notification": f"Disposition: manual-action/MDN-sent-automatically; displayed\r\n"
        f"Original-Message-ID: {sent}\r\n",
        "delivery-status": "Reporting-MTA: dns; door\r\n\r\nFinal-Recipient: rfc822; x@y\r\nStatus: 5.2.1\r\n",
    }
    for kind, fields in kinds.items():
        pages.come(
            f"From: a@b.example\r\nSubject: avis\r\nIn-Reply-To: {sent}\r\n"
            f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n--b\r\n\r\nmots\r\n'
            f"--b\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n--b--\r\n"
        )
    pages.come(ANSWER.format(fields=f"In-Reply-To: {sent}\r\n", text="Bien lu."))

    page = pages.get(here)

    assert "<td>Accusé de lecture</td><td>manual-action/MDN-sent-automatically; displayed</td>" in page.text
    assert "<td>Avis de non-remise</td><td>5.2.1</td>" in page.text
    assert "<td>Réponse</td><td></td>" in page.text


def test_how_a_box_behaves_is_chosen_on_its_page(pages):
    assert pages.post("/boites/perrin/", manner="full").status_code == 303

    assert '<option value="full" selected>' in pages.get("/boites/perrin/").text
    assert pages.operator.boxes.manner(pages.operator.boxes.get("perrin")) is Manner.FULL
    assert pages.post("/boites/perrin/", manner="sideways").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/boites/nobody/", "/boites/nobody/ecrire/", "/recus/99/", "/recus/99/source/", "/recus/99/pieces/0/",
     "/envois/99/", "/nowhere", "/recus/x/"],
)  # fmt: skip
def test_unknown_pages(pages, path):
    assert pages.get(path).status_code == 404


def test_a_form_that_would_never_end_is_refused(pages):
    assert pages.post("/exemples/", text="x" * 300_000).status_code == 413


def test_empty_pages_say_so(pages):
    assert "Aucun message." in pages.get("/boites/payet/").text
    assert "Aucun envoi." in pages.get("/envois/").text
    assert pages.get("/style.css").headers["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    "names",
    [
        "filename*=UTF-8''%C3%A9paule%20gauche.png",
        "filename=\"epaule gauche.png\";\r\n filename*=UTF-8''%C3%A9paule%20gauche.png",
        "filename=\"epaule gauche.png\";\r\n filename*0*=UTF-8''%C3%A9paule;\r\n filename*1*=%20gauche.png",
    ],
)
def test_s14_the_name_with_its_accents_is_shown(pages, names):
    here = pages.come(
        "From: a@b.example\r\nSubject: photo\r\nContent-Type: image/png\r\n"
        f"Content-Disposition: attachment;\r\n {names}\r\n\r\nx\r\n"
    )

    assert "épaule gauche.png" in pages.get(here).text
