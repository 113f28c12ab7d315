"""Which samples there are: French words for the page, and how each is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from zoneinfo import ZoneInfo

from simulators.mssante_operator import letters
from simulators.mssante_operator.boxes import Box
from simulators.mssante_operator.patients import Patient
from simulators.mssante_operator.samples import files, package, texts
from simulators.mssante_operator.samples.laboratory import Report
from simulators.mssante_operator.samples.pdf import write_pdf

PARIS = ZoneInfo("Europe/Paris")
_OTHER_NUMBER = "279035121518989"
_ZIP, _PDF, _PNG = ("application", "zip"), ("application", "pdf"), ("image", "png")
_BYTES = ("application", "octet-stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who writes to whom, when; `copy_to` a colleague, `max_bytes` what the portal takes at most."""

    box: Box
    patient: Patient
    to: str
    at: datetime
    copy_to: Box
    max_bytes: int

    def letter(self, subject: str, text: str) -> EmailMessage:
        signed = f"Bonjour,\n\n{text}\n\n{self.box.name}\n"
        return letters.letter(box=self.box, to=self.to, subject=subject, text=signed, at=self.at)

    def report(self, *, version: int = 1) -> Report:
        return Report(patient=self.patient, day=self.at.astimezone(PARIS).date(), version=version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    key: str
    label: str
    write: Callable[[Order], EmailMessage]
    spoil: Callable[[bytes], bytes] = bytes

    def bytes_of(self, message: EmailMessage) -> bytes:
        """As it travels, with CRLF."""
        return self.spoil(message.as_bytes(policy=SMTP))


def _plain(order: Order) -> EmailMessage:
    return order.letter("Votre rendez-vous de jeudi", texts.PLAIN)


def _html(order: Order) -> EmailMessage:
    made = order.letter("Conseils après votre consultation", texts.PLAIN)
    made.set_content(texts.HTML, subtype="html")
    return made


def _laboratory(order: Order) -> EmailMessage:
    return _with_package(order, order.report())


def _corrected(order: Order) -> EmailMessage:
    return _with_package(order, order.report(version=2))


def _withdrawn(order: Order) -> EmailMessage:
    return _with_package(order, order.report(), is_withdrawal=True)


def _concealed(order: Order) -> EmailMessage:
    return _with_package(order, order.report(), label=package.INVISIBLE)


def _other_patient(order: Order) -> EmailMessage:
    report = order.report()
    return _with_package(order, replace(report, patient=replace(report.patient, number=_OTHER_NUMBER)))


def _with_package(order: Order, report: Report, *, label: str = "", is_withdrawal: bool = False) -> EmailMessage:
    patient, born = report.patient, report.patient.born
    birth = "/".join(part for part in (born[6:], born[4:6], born[:4]) if part)  # a day or a month may be unknown
    traits = f"{patient.family} {patient.given.split(' ')[0]} {birth}"
    made = order.letter(f"XDM/1.0/DDM+{report.title} {traits}", texts.LABORATORY)
    made["X-MSS-CODECDA"] = "11502-2"
    made["X-MSS-INS"] = "O"
    archive = package.write_package(report, label=label, is_withdrawal=is_withdrawal)
    _attach(made, archive, _ZIP, package.NAME)
    _attach(made, report.pdf(), _PDF, "resultats.pdf")
    return made


def _picture(order: Order) -> EmailMessage:
    made = order.letter("Photo de la lésion", texts.PICTURE)
    _attach(made, files.picture(), _PNG, "lésion de l'épaule.png")
    return made


def _forwarded(order: Order) -> EmailMessage:
    inner = letters.letter(
        box=order.copy_to, to=order.box.address, subject="Avis sur le dossier", text=texts.FORWARDED, at=order.at
    )
    _attach(inner, write_pdf(["Avis spécialisé", order.copy_to.name]), _PDF, "avis.pdf")
    made = order.letter("Avis de mon confrère", texts.FORWARDING)
    made.add_attachment(inner)
    return made


def _outlook(order: Order) -> EmailMessage:
    made = order.letter("Votre ordonnance", texts.OUTLOOK)
    container = files.outlook_container("ordonnance.pdf", write_pdf(["Ordonnance"]))
    _attach(made, container, ("application", "ms-tnef"), "winmail.dat")
    return made


def _virus(order: Order) -> EmailMessage:
    made = order.letter("Facture", texts.VIRUS)
    _attach(made, files.harmless_virus(), _BYTES, "facture.com")
    return made


def _large(order: Order) -> EmailMessage:
    made = order.letter("Images de votre scanner", texts.LARGE)
    _attach(made, b"\0" * (order.max_bytes * 3 // 4), _BYTES, "scanner.bin")
    return made


def _end(order: Order) -> EmailMessage:
    return letters.letter(box=order.box, to=order.to, subject=letters.END, text="", at=order.at)


def _last_word(order: Order) -> EmailMessage:
    made = order.letter("Fin de nos échanges", texts.LAST_WORD)
    letters.end(made)
    return made


def _receipt(order: Order) -> EmailMessage:
    made = order.letter("Merci de lire ce message", texts.RECEIPT)
    letters.ask_receipt(made, order.box)
    return made


def _several(order: Order) -> EmailMessage:
    made = order.letter("Votre suivi à deux", texts.SEVERAL)
    made["Cc"] = formataddr((order.copy_to.name, order.copy_to.address))
    return made


def _broken(order: Order) -> EmailMessage:
    return order.letter("Courrier abîmé", texts.PLAIN)


def _spoil(source: bytes) -> bytes:
    """A multipart without a boundary, in a charset that nobody knows."""
    head, _, body = source.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-")]
    return b"\r\n".join([*kept, b"Content-Type: multipart/mixed; charset=x-inconnu"]) + b"\r\n\r\n" + body


def _attach(made: EmailMessage, data: bytes, media_type: tuple[str, str], name: str) -> None:
    made.add_attachment(data, maintype=media_type[0], subtype=media_type[1], filename=name)


SAMPLES = (
    Sample(key="plain", label="Message simple", write=_plain),
    Sample(key="html", label="Message en HTML seul : image distante, script, formulaire", write=_html),
    Sample(key="laboratory", label="Résultats d'analyses : IHE_XDM.ZIP et sa copie PDF", write=_laboratory),
    Sample(key="corrected", label="Résultats corrigés, qui remplacent ceux du jour", write=_corrected),
    Sample(key="withdrawn", label="Demande de retrait des résultats du jour", write=_withdrawn),
    Sample(key="concealed", label="Résultats INVISIBLE_PATIENT, à ne jamais montrer", write=_concealed),
    Sample(key="other-patient", label="Résultats d'une autre personne, envoyés par erreur", write=_other_patient),
    Sample(key="picture", label="Photo jointe", write=_picture),
    Sample(key="forwarded", label="Message transféré, avec une pièce jointe dedans", write=_forwarded),
    Sample(key="outlook", label="Pièce jointe winmail.dat (Outlook)", write=_outlook),
    Sample(key="virus", label="Fichier de test des antivirus (EICAR)", write=_virus),
    Sample(key="large", label="Message trop volumineux", write=_large),
    Sample(key="end", label="Fin de l'échange : objet [FIN]", write=_end),
    Sample(key="last-word", label="Dernier message de l'échange : en-tête X-MSS-MES", write=_last_word),
    Sample(key="receipt", label="Message avec demande d'accusé de lecture", write=_receipt),
    Sample(key="several", label="Message à deux correspondants", write=_several),
    Sample(key="broken", label="Message abîmé : structure et alphabet inconnus", write=_broken, spoil=_spoil),
)
BY_KEY = {sample.key: sample for sample in SAMPLES}
