"""The two forms: a message that a professional writes or answers, and a sample to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from time import time

from simulators.mssante_operator import html, letters
from simulators.mssante_operator.boxes import Box
from simulators.mssante_operator.memory import Received
from simulators.mssante_operator.operator import Operator
from simulators.mssante_operator.samples import files
from simulators.mssante_operator.samples.catalogue import BY_KEY, SAMPLES
from simulators.mssante_operator.samples.pdf import write_pdf
from simulators.mssante_operator.web import Answer, Request, redirect

ATTACHABLE = (("", "Aucune"), ("picture", "Une photo (PNG)"), ("pdf", "Une page (PDF)"))


class Desk:
    """Forms of one operator."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def mail(self, number: int) -> Received | None:
        return next((one for one in self._operator.memory.received() if one.number == number), None)

    def write(self, request: Request) -> Answer:
        box = self._operator.boxes.get(request.parts[0])
        if box is None:
            return html.missing()
        answered = self._answered(request, box)
        if answered is None:
            return html.page("Écrire un message", self._form(self._people() + html.field("subject", "Objet"), ""))
        subject = _answer_subject(str(answered.message()["Subject"] or ""))
        hidden = f'<input type="hidden" name="reponse" value="{answered.number}">\n'
        people = html.paragraph(f"À : {escape(answered.sender)}")
        return html.page("Répondre", self._form(people + hidden + html.field("subject", "Objet", subject), ""))

    def written(self, request: Request) -> Answer:
        box, fields = self._operator.boxes.get(request.parts[0]), request.fields
        if box is None:
            return html.missing()
        answered = self._answered(request, box)
        to = answered.sender if answered else _address(fields)
        if not _is_address(to):
            return html.page("Choisissez un patient", html.paragraph("L'adresse est vide ou mal formée."), 400)
        message = letters.letter(
            box=box, to=to, subject=_line(fields.get("subject", "")), text=fields.get("text", ""), at=_now()
        )
        if answered is not None:
            letters.answer(message, answered.message())
        _complete(message, box, fields)
        return redirect(f"/envois/{self._operator.send(box, message).number}/")

    def choose(self, _request: Request) -> Answer:
        boxes = html.choice("box", "De", [(box.key, f"{box.name}, {box.note}") for box in self._operator.boxes])
        radios = "".join(
            f'<p class="choice"><input type="radio" id="s-{one.key}" name="sample" value="{one.key}"'
            f'{" checked" if place == 0 else ""}><label for="s-{one.key}">{escape(one.label)}</label></p>\n'
            for place, one in enumerate(SAMPLES)
        )
        samples = f"<fieldset>\n<legend>Exemple</legend>\n{radios}</fieldset>\n"
        return html.page("Envoyer un exemple", html.form(boxes + self._people() + samples, "Envoyer"))

    def chosen(self, request: Request) -> Answer:
        fields = request.fields
        box, sample, to = self._operator.boxes.get(fields.get("box", "")), fields.get("sample", ""), _address(fields)
        if box is None or sample not in BY_KEY or not _is_address(to):
            return html.page(
                "Complétez le formulaire", html.paragraph("Il manque la boîte, le patient ou l'exemple."), 400
            )
        sent = self._operator.send_sample(box, to, BY_KEY[sample], at=_now())
        return redirect(f"/envois/{sent.number}/")

    def _people(self) -> str:
        domain = self._operator.config.patient_domain
        known = [(one.address(domain), f"{one.label} ({one.address(domain)})") for one in self._operator.patients()]
        select = html.choice("to", "Patient", known) if known else ""
        return select + html.field("other", f"Autre adresse (15 caractères@{domain})")

    def _answered(self, request: Request, box: Box) -> Received | None:
        text = request.fields.get("reponse", "")
        found = self.mail(int(text)) if text.isdecimal() else None
        return found if found is not None and found.box == box.key else None

    def _form(self, start: str, text: str) -> str:
        area = (
            f'<p class="field"><label for="text">Message</label>'
            f'<textarea id="text" name="text" rows="8">{escape(text)}</textarea></p>\n'
        )
        more = (
            html.choice("attached", "Pièce jointe", ATTACHABLE)
            + html.tick("receipt", "Demander un accusé de lecture")
            + html.tick("end", "Mettre fin à l'échange avec ce message (X-MSS-MES)")
        )
        note = html.paragraph("Pour mettre fin à l'échange sans message, mettez [FIN] dans l'objet.")
        return html.form(start + area + more + note, "Envoyer")


def _complete(message: EmailMessage, box: Box, fields: Mapping[str, str]) -> None:
    if fields.get("receipt"):
        letters.ask_receipt(message, box)
    if fields.get("end"):
        letters.end(message)
    if fields.get("attached") == "picture":
        message.add_attachment(files.picture(), maintype="image", subtype="png", filename="photo.png")
    elif fields.get("attached") == "pdf":
        page = write_pdf([f"Courrier de {box.name}"])
        message.add_attachment(page, maintype="application", subtype="pdf", filename="courrier.pdf")


def _address(fields: Mapping[str, str]) -> str:
    return _line(fields.get("other", "") or fields.get("to", ""))


def _is_address(text: str) -> bool:
    return text.isascii() and text.count("@") == 1 and not set(text) & set("<>,; \t")


def _line(text: str) -> str:
    return " ".join(text.split())


def _answer_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _now() -> datetime:
    return datetime.fromtimestamp(time(), tz=UTC)
