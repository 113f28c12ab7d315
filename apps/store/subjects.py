"""A dossier as a whole: which criteria apply, what is still missing, what checks are given to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.files import services as files
from apps.files.models import StoredFile
from apps.store import criteria, orientation
from apps.store.checks.base import FileFacts, Subject
from apps.store.criteria import Criterion
from apps.store.models import AddressProof, AgendaItem, Answer, Candidacy, ConsentText, Evidence, Sheet

# Criteria that a publisher cannot answer without a piece of evidence (column `evidence_kind`: a file is named).
NEEDS_FILE = frozenset(
    {"CRI-RGP-03", "CRI-URB-01", "CRI-URB-02", "CRI-SEC-05", "CRI-SEC-08", "CRI-DM-02", "CRI-DUR-01", "CRI-FIC-02"}
)
PAGE_FIELDS = (
    "tagline", "description", "needs", "audiences", "languages", "platforms", "price", "privacy_url", "legal_url",
    "hosting_country", "hosting_name", "support_email",
)  # fmt: skip

_DIRECTIONS = {
    Candidacy.Exchange.NONE: (),
    Candidacy.Exchange.READ: (ConsentText.Direction.READ,),
    Candidacy.Exchange.WRITE: (ConsentText.Direction.WRITE,),
    Candidacy.Exchange.READ_WRITE: (ConsentText.Direction.READ, ConsentText.Direction.WRITE),
}
# Steps of checks against a dossier: what people have made of a result counts before the result itself (RV-05).
FAILED = Q(override="fail") | Q(override="", outcome="fail")


def criteria_of(candidacy: Candidacy) -> tuple[Criterion, ...]:
    """Criteria that apply to this dossier, of the version it keeps (STO-28, STO-33)."""
    return criteria.applicable(candidacy.referential, candidacy.orientation, exchange=candidacy.exchange)


def current_evidence(candidacy: Candidacy) -> QuerySet[Evidence]:
    """Its files without those that were replaced or taken away, in the order they came."""
    return Evidence.objects.filter(candidacy=candidacy, removed_at=None).order_by("id")


def current_sheet(candidacy: Candidacy) -> Sheet | None:
    """The page that the publisher writes on; before its first saving none."""
    return Sheet.objects.filter(candidacy=candidacy, shown_at=None, replaced_at=None).first()


def directions_of(candidacy: Candidacy) -> tuple[ConsentText.Direction, ...]:
    """In which directions the service exchanges data; none for one that exchanges nothing (STO-07)."""
    return _DIRECTIONS[Candidacy.Exchange(candidacy.exchange)]


def texts_of(candidacy: Candidacy) -> QuerySet[ConsentText]:
    """Texts of consent that count. Those of a direction that was given up stay written, and grant nothing (STO-06)."""
    return candidacy.consent_texts.filter(direction__in=directions_of(candidacy)).order_by("category", "direction")


def lacks_texts(candidacy: Candidacy) -> bool:
    """Whether data are asked for in a direction without any text (STO-04)."""
    return bool(set(directions_of(candidacy)) - set(texts_of(candidacy).values_list("direction", flat=True)))


def states_of(evidence: Iterable[Evidence]) -> dict[tuple[UUID, UUID], StoredFile]:
    """The stored file of each piece, by vault and file: one query."""
    keys = [(piece.vault_id, piece.file_id) for piece in evidence]
    return {(file.vault_id, file.id): file for file in StoredFile.objects.filter(pk__in=keys)}


def is_answered(criterion: Criterion, answer: Answer | None, *, proved: frozenset[str]) -> bool:
    """Whether an answer is complete: a value, its compulsory fields, evidence where it is needed; else words."""
    if answer is None or answer.value in {"", Answer.Value.IN_PROGRESS}:
        return False
    if answer.value == Answer.Value.NOT_APPLICABLE:
        return bool(answer.comment.strip())
    wanted = criteria.fields_of(criterion.code)
    if any(field.is_compulsory and not answer.data.get(field.name) for field in wanted):
        return False
    if criterion.code in NEEDS_FILE:
        return criterion.code in proved
    return bool(wanted or answer.comment.strip() or criterion.code in proved)


def open_criteria(candidacy: Candidacy) -> tuple[Criterion, ...]:
    """Applicable criteria without a complete answer: three queries."""
    answers = {answer.criterion: answer for answer in candidacy.answers.all()}
    proved = frozenset(code for piece in current_evidence(candidacy) for code in piece.criteria)
    return tuple(
        criterion
        for criterion in criteria_of(candidacy)
        if not is_answered(criterion, answers.get(criterion.code), proved=proved)
    )


def missing_on_page(candidacy: Candidacy) -> tuple[str, ...]:
    """Names of fields of the page that are empty (STO-66, STO-84); all of them without a page."""
    sheet = current_sheet(candidacy) or candidacy.sheets.filter(replaced_at=None).order_by("-version").first()
    if sheet is None:
        return PAGE_FIELDS
    return tuple(name for name in PAGE_FIELDS if not getattr(sheet, name))


def missing_to_submit(candidacy: Candidacy) -> Iterator[str]:
    """Codes of `reasons.GUARDS` that keep a draft from being sent (STO-48)."""
    if not orientation.is_complete(candidacy.orientation):
        yield "orientation-open"
    if open_criteria(candidacy):
        yield "answers-open"
    if missing_on_page(candidacy):
        yield "page-incomplete"
    files_of = states_of(current_evidence(candidacy)).values()
    if any(file.state != StoredFile.State.CLEAN for file in files_of):
        yield "evidence-not-clean"
    if lacks_texts(candidacy):
        yield "consent-texts-missing"


def last_opinion(candidacy: Candidacy) -> AgendaItem | None:
    """The opinion of the commission that a decision follows, with its session."""
    given = candidacy.agenda.select_related("session").exclude(opinion="")
    return given.order_by("-opinion_at", "-id").first()


def subject_of(candidacy: Candidacy, *, at: datetime) -> Subject:
    """What automatic checks look at, as the dossier says it now."""
    publisher = candidacy.publisher
    pieces = list(current_evidence(candidacy))
    stored = states_of(pieces)
    return Subject(
        at=at,
        siren=publisher.siren,
        siret=publisher.siret,
        finess=publisher.finess,
        publisher=publisher.name,
        emails=_emails(candidacy),
        answers=_answers(candidacy),
        files=tuple(_facts(piece, stored[piece.vault_id, piece.file_id]) for piece in pieces),
        token=candidacy.service.domain_token,
        is_mobile=candidacy.orientation.get("mobile") == orientation.YES,
    )


def _answers(candidacy: Candidacy) -> Mapping[str, Mapping[str, object]]:
    applies = {criterion.code for criterion in criteria_of(candidacy)}
    rows = candidacy.answers.filter(criterion__in=applies).values_list("criterion", "data")
    return dict(rows)


def _emails(candidacy: Candidacy) -> dict[str, bool]:
    rows = AddressProof.objects.filter(publisher_id=candidacy.publisher_id).values_list("email", "confirmed_at")
    found: dict[str, bool] = {}
    for email, confirmed_at in rows:
        found[email] = found.get(email, False) or confirmed_at is not None
    return found


def _facts(piece: Evidence, stored: StoredFile) -> FileFacts:
    return FileFacts(
        id=piece.id,
        name=piece.name,
        media_type=piece.media_type,
        size=piece.size,
        state=stored.state,
        use=piece.use,
        criteria=tuple(piece.criteria),
        issued_on=piece.issued_on,
        valid_until=piece.valid_until,
        read=partial(files.read, stored),
    )
