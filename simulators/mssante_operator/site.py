"""Pages of the operator: boxes, mails that came, mails that went with what the door answered; French, no script."""

from __future__ import annotations

import re
from html import escape

from simulators.mssante_operator import html
from simulators.mssante_operator.boxes import LABELS, Box, Manner
from simulators.mssante_operator.memory import Received, Sent
from simulators.mssante_operator.operator import Operator
from simulators.mssante_operator.reading import Piece, pieces_of, words_of
from simulators.mssante_operator.returns import Kind, Return, kind_of, returns_of
from simulators.mssante_operator.samples.catalogue import BY_KEY
from simulators.mssante_operator.web import Answer, Request, Route, redirect
from simulators.mssante_operator.writing import Desk

KINDS = {Kind.READ: "Accusé de lecture", Kind.FAILED: "Avis de non-remise", Kind.ANSWER: "Réponse"}
SHOWN = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
         "X-MSS-NIL", "X-MSS-CODECDA", "X-MSS-INS", "X-MSS-MES")  # fmt: skip


class Site:
    """The pages of one operator."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._desk = Desk(operator)

    def routes(self) -> list[Route]:
        desk = self._desk
        return [
            ("GET", re.compile("/"), self.boxes),
            ("GET", re.compile(r"/style\.css"), lambda _request: html.stylesheet()),
            ("GET", re.compile(r"/boites/(\w{1,20})/"), self.box),
            ("POST", re.compile(r"/boites/(\w{1,20})/"), self.behave),
            ("GET", re.compile(r"/boites/(\w{1,20})/ecrire/"), desk.write),
            ("POST", re.compile(r"/boites/(\w{1,20})/ecrire/"), desk.written),
            ("GET", re.compile("/exemples/"), desk.choose),
            ("POST", re.compile("/exemples/"), desk.chosen),
            ("GET", re.compile(r"/recus/(\d{1,9})/"), self.received),
            ("GET", re.compile(r"/recus/(\d{1,9})/source/"), self.source),
            ("GET", re.compile(r"/recus/(\d{1,9})/pieces/(\d{1,3})/"), self.piece),
            ("GET", re.compile("/envois/"), self.sendings),
            ("GET", re.compile(r"/envois/(\d{1,9})/"), self.sending),
        ]

    def boxes(self, _request: Request) -> Answer:
        memory = self._operator.memory
        rows = [
            (
                html.link(f"/boites/{box.key}/", box.name) + f'<span class="note">{escape(box.note)}</span>',
                escape(box.address),
                box.kind,
                str(len(memory.received(box.key))),
                str(len(memory.sent(box.key))),
            )
            for box in self._operator.boxes
        ]
        return html.page("Boîtes", html.table(("Boîte", "Adresse", "Type", "Reçus", "Envoyés"), rows))

    def box(self, request: Request) -> Answer:
        box = self._operator.boxes.get(request.parts[0])
        if box is None:
            return html.missing()
        memory = self._operator.memory
        manners = [(manner.value, label) for manner, label in LABELS.items()]
        select = html.choice("manner", "Comportement de la boîte", manners, self._operator.boxes.manner(box).value)
        body = (
            html.paragraph(f"{escape(box.address)}, {escape(box.note)}")
            + html.paragraph(html.link(f"/boites/{box.key}/ecrire/", "Écrire un message"))
            + "<h2>Reçus</h2>\n" + _received_list(memory.received(box.key))
            + "<h2>Envoyés</h2>\n" + self._sent_list(memory.sent(box.key))
            + "<h2>Essayer un refus</h2>\n" + html.form(select, "Changer le comportement")
        )  # fmt: skip
        return html.page(box.name, body)

    def behave(self, request: Request) -> Answer:
        box, manner = self._operator.boxes.get(request.parts[0]), request.fields.get("manner", "")
        if box is None or manner not in set(Manner):
            return html.missing()
        self._operator.boxes.behave(box, Manner(manner))
        return redirect(f"/boites/{box.key}/")

    def received(self, request: Request) -> Answer:
        mail = self._mail(request)
        if mail is None:
            return html.missing()
        message, here = mail.message(), f"/recus/{mail.number}/"
        heads = [("Reçu", html.hour(mail.at)), *((name, str(message[name] or "")) for name in SHOWN)]
        pieces = "".join(_piece(here, place, piece) for place, piece in enumerate(pieces_of(message)))
        body = (
            html.paragraph(f"<strong>{KINDS[kind_of(message)]}</strong>")
            + html.facts(heads)
            + f"<h2>Texte</h2>\n<pre>{escape(words_of(message))}</pre>\n"
            + (f"<h2>Pièces jointes</h2>\n<ul>\n{pieces}</ul>\n" if pieces else "")
            + html.paragraph(html.link(f"/boites/{mail.box}/ecrire/?reponse={mail.number}", "Répondre"))
            + html.paragraph(html.link(f"{here}source/", "Source du message"))
            + html.paragraph(html.link(f"/boites/{mail.box}/", "Retour à la boîte"))
        )
        return html.page(str(message["Subject"] or "Sans objet"), body)

    def source(self, request: Request) -> Answer:
        mail = self._mail(request)
        return Answer(body=mail.source, media_type="text/plain; charset=utf-8") if mail else html.missing()

    def piece(self, request: Request) -> Answer:
        mail, place = self._mail(request), int(request.parts[1])
        pieces = pieces_of(mail.message()) if mail else []
        if place >= len(pieces):
            return html.missing()
        found = pieces[place]
        if found.is_picture:
            return Answer(body=found.data, media_type=found.media_type)
        headers = {"Content-Disposition": "attachment"}
        return Answer(body=found.data, media_type="application/octet-stream", headers=headers)

    def sendings(self, _request: Request) -> Answer:
        return html.page("Envois", self._sent_list(self._operator.memory.sent()))

    def sending(self, request: Request) -> Answer:
        memory = self._operator.memory
        sent = next((one for one in memory.sent() if one.number == int(request.parts[0])), None)
        if sent is None:
            return html.missing()
        heads = [
            ("Envoyé", html.hour(sent.at)), ("À", sent.recipient), ("Message-ID", sent.message_id),
            ("Exemple", BY_KEY[sent.sample].label if sent.sample else ""), ("Taille", f"{len(sent.source)} octets"),
        ]  # fmt: skip
        steps = [(step.command, str(step.code or "–"), escape(step.text)) for step in sent.steps]
        back = returns_of(sent, memory.received(sent.box))
        body = (
            html.paragraph(f"<strong>{_verdict(sent)}</strong>")
            + html.facts(heads)
            + "<h2>Ce que la porte a répondu</h2>\n" + html.table(("Commande", "Code", "Réponse"), steps)
            + "<h2>Ce qui est revenu</h2>\n" + _returns(back)
            + html.paragraph(html.link(f"/boites/{sent.box}/", "Retour à la boîte"))
        )  # fmt: skip
        return html.page(sent.subject or "Sans objet", body)

    def _mail(self, request: Request) -> Received | None:
        return self._desk.mail(int(request.parts[0]))

    def _sent_list(self, sent: list[Sent]) -> str:
        if not sent:
            return html.paragraph("Aucun envoi.")
        rows = [
            (html.hour(one.at), self._name(one.box), html.link(f"/envois/{one.number}/", one.subject or "Sans objet"),
             escape(one.recipient), _verdict(one))
            for one in sent
        ]  # fmt: skip
        return html.table(("Envoyé", "De", "Objet", "À", "Réponse de la porte"), rows)

    def _name(self, key: str) -> str:
        box: Box | None = self._operator.boxes.get(key)
        return escape(box.name if box else key)


def _received_list(received: list[Received]) -> str:
    if not received:
        return html.paragraph("Aucun message.")
    rows = []
    for mail in received:
        message = mail.message()
        opened = html.link(f"/recus/{mail.number}/", str(message["Subject"] or "Sans objet"))
        rows.append((html.hour(mail.at), KINDS[kind_of(message)], opened, escape(mail.sender or "<>")))
    return html.table(("Reçu", "Nature", "Objet", "De"), rows)


def _piece(here: str, place: int, piece: Piece) -> str:
    address = f"{here}pieces/{place}/"
    said = f"{html.link(address, piece.name)} ({escape(piece.media_type)}, {len(piece.data)} octets)"
    inside = "".join(f"<li>{escape(name)}</li>" for name in piece.inside)
    shown = f'<p><img src="{address}" alt="Image jointe"></p>' if piece.is_picture else ""
    return f"<li>{said}{shown}{f'<ul>{inside}</ul>' if inside else ''}</li>\n"


def _returns(back: list[Return]) -> str:
    if not back:
        return html.paragraph("Rien pour l'instant.")
    rows = [(KINDS[one.kind], escape(one.detail), html.link(f"/recus/{one.number}/", "Ouvrir")) for one in back]
    return html.table(("Nature", "Détail", "Message"), rows)


def _verdict(sent: Sent) -> str:
    last = sent.outcome
    if sent.is_taken:
        return f"Accepté : {last.code}"
    return f"Refusé à {last.command} : {last.code}" if last.code else "Porte injoignable"
