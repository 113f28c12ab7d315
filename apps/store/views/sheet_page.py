"""PU-04: contents of the public page of the service, while the dossier is a draft (STO-84)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.store.forms.sheet import SheetForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy, Sheet
from apps.store.services import drafting, progress, sheets
from apps.store.services.errors import ChangedError, LockedError
from apps.store.subjects import PAGE_FIELDS, current_sheet
from apps.store.views import dossiers, sheet_words
from apps.store.views.dossiers import Theirs
from apps.ui import outcome, words
from apps.ui.outcome import Outcome


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def candidacy_sheet(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """Show and save; all may stay empty."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    if request.method != "POST":
        if not drafting.may_write(candidacy, item=sheets.ITEM):
            return redirect("store:candidacy_read", candidacy_id)
        return _page(request, candidacy, _form(current_sheet(candidacy)))
    form = SheetForm(request.POST)
    if not form.is_valid():
        return _page(request, candidacy, form)
    try:
        saved = _save(request, candidacy_id, form)
    except ChangedError as error:
        return _changed(request, candidacy, error)
    except LockedError:
        dossiers.locked(form)
        return _page(request, candidacy, form)
    outcome.tell(request, Outcome(title=_filled_words(saved)))
    return redirect("store:candidacy_sheet" if "stay" in request.POST else "store:candidacy", candidacy_id)


def _save(request: PublisherRequest, candidacy_id: UUID, form: SheetForm) -> Sheet:
    return sheets.save_sheet(
        actor=request.actor,
        candidacy_id=candidacy_id,
        contents=form.contents(),
        version=form.version(),
        at=request.actor.at,
    )


def _form(sheet: Sheet | None) -> SheetForm:
    return SheetForm(initial={"seen": 0} if sheet is None else {"seen": sheet.version, **sheets.contents_of(sheet)})


def _page(
    request: PublisherRequest, candidacy: Candidacy, form: SheetForm, theirs: Theirs | None = None
) -> HttpResponse:
    sheet = current_sheet(candidacy)
    saved = ""
    if sheet is not None:
        names = progress.names_of(candidacy)
        saved = dossiers.saved_by(names, sheet.written_by_id, words.moment(sheet.written_at))
    context = {"candidacy": candidacy, "form": form, "theirs": theirs, "saved": saved}
    return render(request, "store/candidacy_sheet.html", context, status=dossiers.status_of(form))


def _changed(request: PublisherRequest, candidacy: Candidacy, error: ChangedError) -> HttpResponse:
    """Both versions; saving once more keeps one's own."""
    sheet = current_sheet(candidacy)
    form = SheetForm(dossiers.with_values(request.POST, seen=str(sheet.version if sheet is not None else 0)))
    form.add_error(None, _("Another member has saved the public page meanwhile. Choose which version is kept."))
    pairs = sheet_words.differences(sheet, form.contents()) if sheet is not None else ()
    said = dossiers.who_and_when(progress.names_of(candidacy), error)
    return _page(request, candidacy, form, Theirs(said=said, pairs=pairs))


def _filled_words(sheet: Sheet) -> str:
    done = sum(bool(getattr(sheet, name)) for name in PAGE_FIELDS)
    text = ngettext("%(done)s field of %(all)s filled in", "%(done)s fields of %(all)s filled in", done)
    return text % {"done": done, "all": len(PAGE_FIELDS)}
