"""What several documents say in the same words: whose dossier it is, texts of law, criteria, remedies (STO-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from apps.store import criteria
from apps.store.letters.paper import Part, bullets, terms, text
from apps.store.models import Candidacy, Judgement
from apps.store.reasons import GROUNDS


def address_of(candidacy: Candidacy) -> list[str]:
    """Lines of the publisher to whom it goes."""
    publisher = candidacy.publisher
    return [
        publisher.name,
        _("For the attention of %(name)s, %(title)s")
        % {"name": publisher.representative_name, "title": publisher.representative_title},
        _("SIREN: %(siren)s") % {"siren": publisher.siren},
    ]


def about(candidacy: Candidacy, *more: tuple[str, str]) -> Part:
    """Dossier, service, publisher, and what the document adds."""
    return terms(
        (_("Dossier"), candidacy.number),
        (_("Service"), candidacy.service.name),
        (_("Publisher"), candidacy.publisher.name),
        *more,
    )


def grounds_in_words(ground: str) -> list[str]:
    """Texts of law of codes of `reasons.GROUNDS` with commas between; what is no code stands as it is."""
    codes = [code.strip() for code in ground.split(",") if code.strip()]
    return [str(GROUNDS.get(code, code)) for code in codes]


def reasons_by_criterion(candidacy: Candidacy, codes: Iterable[str]) -> list[str]:
    """One line a criterion: code, question, what the assessment says to the publisher (L10)."""
    wanted = list(codes)
    return reasons_in_words(candidacy, wanted, judged_of(candidacy, wanted))


def judged_of(candidacy: Candidacy, codes: Iterable[str]) -> dict[str, Judgement]:
    """Verdicts that stand, by criterion: one query."""
    rows = candidacy.judgements.filter(is_current=True, criterion__in=set(codes)).order_by("criterion")
    return {judgement.criterion: judgement for judgement in rows}


def reasons_in_words(candidacy: Candidacy, codes: Iterable[str], judged: Mapping[str, Judgement]) -> list[str]:
    """The same, of verdicts that were read before."""
    return [_reason(candidacy, code, judged.get(code)) for code in codes]


def _reason(candidacy: Candidacy, code: str, judgement: Judgement | None) -> str:
    criterion = criteria.criterion_of(candidacy.referential, code)
    question = criterion.question if criterion is not None else ""
    said = [f"{code} – {question}"]
    if judgement is not None:
        said.append(_("Verdict: %(verdict)s.") % {"verdict": judgement.get_verdict_display()})
        said.append(judgement.note.strip())
    return " ".join(part for part in said if part)


def remedies() -> list[Part]:
    """Ways of appeal and their time limits (STO-45)."""
    return [
        text(_("You may contest this decision within two months of its notification:")),
        bullets(
            [
                _("by asking whoever took it to reconsider it (recours gracieux), in your publisher space;"),
                _("by asking the minister responsible for health to do so (recours hiérarchique), on the same page;"),
                _("by bringing it before the administrative court (recours contentieux)."),
            ]
        ),
        text(
            _(
                "An appeal of the first two kinds is examined by people who did not take the decision. It is answered "
                "within two months; silence for two months is a rejection. Made within two months, it keeps open the "
                "time for going to court, which begins anew with the answer or the silence."
            )
        ),
    ]
