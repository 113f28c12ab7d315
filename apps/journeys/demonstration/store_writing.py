"""What publishers do in the demonstration: write a dossier, prove it, send it, answer, sign; by their own services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from apps.access import Actor, Role
from apps.common.ids import uuid7
from apps.files import jobs as files
from apps.files.gateways.base import scanner
from apps.files.models import StoredFile
from apps.journeys.demonstration.documents.pdf import text_pdf
from apps.journeys.demonstration.store_plans import HDS_ENDS, Plan, comments, consent_words
from apps.store import orientation, subjects
from apps.store.criteria.sections import SECTIONS, in_section
from apps.store.models import Candidacy, ConsentText, Evidence, Member, RequestItem
from apps.store.services import (
    answering,
    checking,
    consenting,
    drafting,
    evidence,
    replying,
    sheets,
    signing,
    submitting,
)

_LOGO, _SCREENSHOT = (512, 512), (1920, 1080)
_TESTED = timedelta(days=120)
_STUDY = "Risques résiduels faibles, analyse revue chaque année.\nHébergeur certifié, deux sites en France."
_SAFETY = "Test d'intrusion : aucune faille critique ouverte.\nAstreinte jour et nuit. Écoscore B."
_ALL_SECTIONS = tuple(section.slug for section in SECTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier that is under way, by its plan."""

    plan: Plan
    id: UUID

    def row(self) -> Candidacy:
        """As it stands now."""
        return Candidacy.objects.select_related("publisher", "service").get(pk=self.id)

    @property
    def seen(self) -> int:
        """What a page that is opened now shows."""
        return Candidacy.objects.values_list("sequence", flat=True).get(pk=self.id)

    def publisher(self, at: datetime) -> Actor:
        """Its one member as a page makes them act."""
        own = Member.objects.get(user__email=self.plan.company.email)
        return Actor(role=Role.PUBLISHER, at=at, user_id=own.user_id, organisation_id=own.publisher_id.hex, level="2fa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One file of the vault."""

    title: str
    data: bytes
    name: str
    criteria: tuple[str, ...]
    use: str = Evidence.Use.EVIDENCE
    alternative: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


def begin(plan: Plan, *, at: datetime) -> Dossier:
    """A draft with its questionnaire answered."""
    made = Dossier(plan=plan, id=uuid7())
    actor = made.publisher(at)
    drafting.begin(actor=actor, candidacy_id=made.id, name=plan.name, profile=plan.profile, at=at)
    seen = drafting.mark_of(made.row())
    drafting.save_orientation(
        actor=actor, candidacy_id=made.id, answers=plan.orientation, profile=plan.profile, seen=seen, at=at
    )
    return made


def answer(dossier: Dossier, *, at: datetime, sections: Iterable[str] = _ALL_SECTIONS) -> None:
    """Answer all criteria of these sections."""
    applies = subjects.criteria_of(dossier.row())
    for slug in sections:
        entries = [_entry(dossier.plan, one.code, at) for one in in_section(applies, slug)]
        answering.save_answers(
            actor=dossier.publisher(at), candidacy_id=dossier.id, section=slug, entries=entries, at=at
        )


def describe(dossier: Dossier, *, at: datetime) -> None:
    """The public page, and what holders read before they agree."""
    actor, contents = dossier.publisher(at), dossier.plan.sheet()
    sheets.save_sheet(actor=actor, candidacy_id=dossier.id, contents=contents, version=0, at=at)
    for kind in consenting.possible_kinds(dossier.row()):
        if kind[0] == ConsentText.Category.MEASURES:
            words = consent_words(kind[1])
            consenting.save_text(actor=actor, candidacy_id=dossier.id, kind=kind, contents=words, version=0, at=at)


def prove(dossier: Dossier, *, at: datetime) -> None:
    """The files, each looked at by the antivirus."""
    for proof in _proofs(dossier.plan, at.date()):
        _add(dossier, proof, at)


def send(dossier: Dossier, *, at: datetime) -> None:
    """With the declaration; automatic checks are due from then on."""
    actor = dossier.publisher(at)
    submitting.submit(actor=actor, candidacy_id=dossier.id, charter=True, seen=dossier.seen, at=at)


def ask_for_checks(dossier: Dossier, *, at: datetime) -> None:
    """As the button of a draft does; the workers run them."""
    checking.ask_for_checks(actor=dossier.publisher(at), candidacy_id=dossier.id, at=at)


def answer_request(dossier: Dossier, *, text: str, at: datetime) -> None:
    """Answer each line of the open request with a new file, and send all of it."""
    actor = dossier.publisher(at)
    for item in RequestItem.objects.filter(request__candidacy_id=dossier.id, answered_at=None):
        upload = evidence.Upload(name="attestation.pdf", data=text_pdf(text, title="Attestation"))
        given = replying.Reply(text=text, seen="", upload=upload, title="Attestation du prestataire")
        replying.reply(actor=actor, item_id=item.pk, given=given, at=at)
    look_at_files(at)
    replying.send(actor=actor, candidacy_id=dossier.id, seen=dossier.seen, at=at)


def sign(dossier: Dossier, *, at: datetime) -> None:
    """The publisher's signature under the agreement."""
    agreement = signing.agreement_of(dossier.row())
    hashed = agreement.document_hash if agreement else ""
    signing.sign_for_publisher(
        actor=dossier.publisher(at), candidacy_id=dossier.id, document_hash=hashed, seen=dossier.seen, at=at
    )


def look_at_files(at: datetime) -> None:
    """The antivirus looks at what publishers have just given."""
    waiting = StoredFile.objects.filter(state=StoredFile.State.WAITING, received_at__lte=at)
    for vault_id, file_id in waiting.values_list("vault_id", "id"):
        files.scan(vault_id=vault_id, file_id=file_id, scanner=scanner(), at=at)


def _entry(plan: Plan, code: str, at: datetime) -> answering.Entry:
    data: Mapping[str, object] = plan.data(code, day=at.date())
    content = answering.Content(value="conforme", comment=comments()[code], data=data)
    return answering.Entry(criterion=code, content=content)


def _add(dossier: Dossier, proof: Proof, at: datetime) -> None:
    applies = {one.code for one in subjects.criteria_of(dossier.row())}
    about = evidence.Description(
        title=proof.title, use=proof.use, criteria=tuple(code for code in proof.criteria if code in applies),
        alternative=proof.alternative, issued_on=proof.issued_on, valid_until=proof.valid_until,
    )  # fmt: skip
    upload = evidence.Upload(name=proof.name, data=proof.data)
    made = evidence.add(actor=dossier.publisher(at), candidacy_id=dossier.id, upload=upload, description=about, at=at)
    files.scan(vault_id=made.vault_id, file_id=made.file_id, scanner=scanner(), at=at)


def _proofs(plan: Plan, day: date) -> list[Proof]:
    """A service that adds data to spaces has more to show."""
    safety, tested = ("CRI-SEC-05", "CRI-SEC-08", "CRI-DUR-01"), day - _TESTED
    hosting = Proof(
        title="Analyse d'impact et hébergement", data=_paper("Analyse d'impact et hébergement", _STUDY, plan.name),
        name="analyse-et-hebergement.pdf", criteria=("CRI-RGP-03", "CRI-URB-01", "CRI-URB-02"), issued_on=tested,
        valid_until=HDS_ENDS,
    )  # fmt: skip
    if plan.profile.exchange != orientation.BOTH:
        data = _paper("Pièces du dossier", f"{_STUDY}\n{_SAFETY}", plan.name)
        whole = replace(hosting, title="Pièces du dossier", data=data, name="pieces.pdf")
        return [replace(whole, criteria=(*hosting.criteria, *safety)), _logo(plan)]
    return [
        hosting,
        Proof(
            title="Sécurité et écoscore", data=_paper("Sécurité et écoscore", _SAFETY, plan.name),
            name="securite.pdf", criteria=safety, issued_on=tested,
        ),
        _logo(plan),
        Proof(
            title="Page d'accueil", data=_picture(plan.name, _SCREENSHOT), name="accueil.png",
            criteria=("CRI-FIC-02",), use=Evidence.Use.SCREENSHOT,
            alternative=f"La page d'accueil de {plan.name}, avec son nom et un bouton.",
        ),
    ]  # fmt: skip


def _logo(plan: Plan) -> Proof:
    data = _picture(plan.name[0], _LOGO)
    return Proof(title="Logo", data=data, name="logo.png", criteria=("CRI-FIC-02",), use=Evidence.Use.LOGO)


def _paper(title: str, text: str, name: str) -> bytes:
    return text_pdf(f"{title}\n{name}\n{text}", title=title)


@cache
def _picture(words: str, size: tuple[int, int]) -> bytes:
    """Words on a plain ground, as PNG."""
    picture = Image.new("RGB", size, (236, 242, 250))
    pen, (width, height) = ImageDraw.Draw(picture), size
    pen.rounded_rectangle((width // 8, height // 8, width * 7 // 8, height * 7 // 8), radius=24, fill=(32, 84, 147))
    pen.text((width // 2, height // 2), words, fill="white", anchor="mm", font_size=height // 8)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
