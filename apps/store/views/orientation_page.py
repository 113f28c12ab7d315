"""PU-04: the orientation of a draft: kind of service, exchange, and the questions that decide what applies (STO-28)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.store import orientation as questionnaire
from apps.store import subjects
from apps.store.forms.candidacy import YES_OR_NO, OrientationForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.services import drafting, progress
from apps.store.services.errors import ChangedError, LockedError
from apps.store.views import dossiers
from apps.store.views.dossiers import Theirs
from apps.ui import outcome
from apps.ui.components import Pair
from apps.ui.outcome import Outcome


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def orientation(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """Show and save; questions may stay open."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    if request.method != "POST":
        if not dossiers.is_draft(candidacy):
            return redirect("store:candidacy_read", candidacy_id)
        return _page(request, candidacy, OrientationForm(candidacy=candidacy))
    form = OrientationForm(request.POST, candidacy=candidacy)
    if not form.is_valid():
        return _page(request, candidacy, form)
    try:
        saved = _save(request, candidacy_id, form)
    except ChangedError as error:
        return _changed(request, candidacy_id, error)
    except LockedError:
        dossiers.locked(form)
        return _page(request, candidacy, form)
    count = len(subjects.criteria_of(saved))
    text = ngettext("%(count)s criterion applies to your service.", "%(count)s criteria apply to your service.", count)
    outcome.tell(request, Outcome(title=_("Orientation saved"), detail=text % {"count": count}))
    return redirect("store:candidacy", candidacy_id)


def _save(request: PublisherRequest, candidacy_id: UUID, form: OrientationForm) -> Candidacy:
    return drafting.save_orientation(
        actor=request.actor,
        candidacy_id=candidacy_id,
        answers=form.answers(),
        profile=form.profile(),
        seen=form.cleaned_data["seen"],
        at=request.actor.at,
    )


def _page(
    request: PublisherRequest, candidacy: Candidacy, form: OrientationForm, theirs: Theirs | None = None
) -> HttpResponse:
    context = {
        "candidacy": candidacy,
        "form": form,
        "questions": [form[name] for name in questionnaire.NAMES],
        "theirs": theirs,
    }
    return render(request, "store/candidacy_orientation.html", context, status=dossiers.status_of(form))


def _changed(request: PublisherRequest, candidacy_id: UUID, error: ChangedError) -> HttpResponse:
    """Both versions; saving once more keeps one's own."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    names = progress.names_of(candidacy)
    post = dossiers.with_values(request.POST, seen=drafting.mark_of(candidacy))
    form = OrientationForm(post, candidacy=candidacy)
    form.add_error(None, _("Another member has saved the orientation meanwhile. Choose which version is kept."))
    theirs = Theirs(said=dossiers.who_and_when(names, error), pairs=_differences(candidacy, form))
    return _page(request, candidacy, form, theirs)


def _differences(candidacy: Candidacy, form: OrientationForm) -> tuple[Pair, ...]:
    """What the other member has answered otherwise."""
    labels = dict(YES_OR_NO)
    mine = form.answers()
    lines = [
        Pair(term=str(question.label), value=str(labels.get(said, _("No answer yet"))))
        for question in questionnaire.QUESTIONS
        if (said := str(candidacy.orientation.get(question.name, ""))) != mine.get(question.name, "")
    ]
    for name in ("service_kind", "exchange", "lane"):
        if getattr(candidacy, name) != form.cleaned_data[name]:
            shown = getattr(candidacy, f"get_{name}_display")()
            lines.append(Pair(term=str(form[name].label), value=str(shown)))
    return tuple(lines)
