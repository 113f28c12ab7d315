"""PU-04: information of holders: one text a category of data and direction (STO-04)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.store.forms.consent_text import ConsentTextForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy, ConsentText
from apps.store.services import consenting, drafting, progress
from apps.store.services.consenting import CONTENTS, Kind
from apps.store.services.errors import ChangedError, LockedError, UnknownRowError, WrongValueError
from apps.store.views import consent_words, dossiers
from apps.store.views.act_page import seen_of
from apps.store.views.dossiers import Theirs
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_member
@require_safe
def consent_texts(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """What the service asks for, each with the text that the holder will read."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    context = {
        "candidacy": candidacy,
        "lines": consent_words.lines_of(candidacy, progress.names_of(candidacy)),
        "may_write": drafting.may_write(candidacy, item=consenting.ITEM),
        "exchanges": candidacy.exchange != Candidacy.Exchange.NONE,
    }
    return render(request, "store/consent_texts.html", context)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def consent_text(request: PublisherRequest, candidacy_id: UUID, category: str, direction: str) -> HttpResponse:
    """Write one text."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    kind = _kind(category, direction)
    if request.method != "POST":
        _possible(candidacy, kind)
        if not drafting.may_write(candidacy, item=consenting.ITEM):
            return redirect("store:consent_texts", candidacy_id)
        return _page(request, candidacy, kind, _form(_row(candidacy, kind)))
    form = ConsentTextForm(request.POST)
    if not form.is_valid():
        return _page(request, candidacy, kind, form)
    try:
        consenting.save_text(
            actor=request.actor,
            candidacy_id=candidacy_id,
            kind=kind,
            contents=form.contents(),
            version=form.version(),
            at=request.actor.at,
        )
    except ChangedError as error:
        return _changed(request, candidacy, kind, error)
    except (LockedError, WrongValueError) as error:
        _refuse(form, error)
        return _page(request, candidacy, kind, form)
    outcome.tell(request, Outcome(title=_("Text saved")))
    return redirect("store:consent_texts", candidacy_id)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def consent_text_remove(request: PublisherRequest, candidacy_id: UUID, category: str, direction: str) -> HttpResponse:
    """The service does not ask for these data any more."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    kind = _possible(candidacy, _kind(category, direction))
    row = _row(candidacy, kind)
    if row is None:
        raise Http404
    if request.method != "POST":
        context = {"candidacy": candidacy, "label": consent_words.label_of(*kind), "version": row.version}
        return render(request, "store/consent_text_remove.html", context)
    try:
        consenting.remove_text(
            actor=request.actor,
            candidacy_id=candidacy_id,
            kind=kind,
            version=seen_of(request),
            at=request.actor.at,
        )
    except (ChangedError, LockedError, UnknownRowError):
        detail = _("It has been changed meanwhile, or the dossier has been sent.")
        outcome.tell(request, Outcome(title=_("Nothing was removed"), detail=detail, level=messages.WARNING))
    else:
        outcome.tell(request, Outcome(title=_("Data not asked for any more")))
    return redirect("store:consent_texts", candidacy_id)


def _kind(category: str, direction: str) -> Kind:
    """From the address; 404 for what no service may ask for."""
    kind = (category, consent_words.DIRECTIONS.get(direction, ""))
    if kind not in consenting.ALL_KINDS:
        raise Http404
    return kind


def _possible(candidacy: Candidacy, kind: Kind) -> Kind:
    """404 for what this service may not ask for."""
    if kind not in consenting.possible_kinds(candidacy):
        raise Http404
    return kind


def _refuse(form: ConsentTextForm, error: LockedError | WrongValueError) -> None:
    """What was typed stays on the page."""
    if isinstance(error, LockedError):
        dossiers.locked(form)
    else:
        form.add_error(None, _("The orientation has changed: the service does not ask for these data any more."))


def _row(candidacy: Candidacy, kind: Kind) -> ConsentText | None:
    return candidacy.consent_texts.filter(category=kind[0], direction=kind[1]).first()


def _form(row: ConsentText | None) -> ConsentTextForm:
    said = {} if row is None else {name: getattr(row, name) for name in CONTENTS}
    return ConsentTextForm(initial={"seen": row.version if row is not None else 0, **said})


def _page(
    request: PublisherRequest, candidacy: Candidacy, kind: Kind, form: ConsentTextForm, theirs: Theirs | None = None
) -> HttpResponse:
    context = {"candidacy": candidacy, "label": consent_words.label_of(*kind), "form": form, "theirs": theirs}
    return render(request, "store/consent_text.html", context, status=dossiers.status_of(form))


def _changed(request: PublisherRequest, candidacy: Candidacy, kind: Kind, error: ChangedError) -> HttpResponse:
    """Both versions; saving once more keeps one's own."""
    row = _row(candidacy, kind)
    form = ConsentTextForm(dossiers.with_values(request.POST, seen=str(row.version if row is not None else 0)))
    form.add_error(None, _("Another member has saved this text meanwhile. Choose which version is kept."))
    said = dossiers.who_and_when(progress.names_of(candidacy), error)
    pairs = consent_words.pairs_of(row) if row is not None else ()
    return _page(request, candidacy, kind, form, Theirs(said=said, pairs=pairs))
