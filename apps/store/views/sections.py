"""PU-05: the answers of one section: saved at each « Enregistrer », incomplete allowed, nothing overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store.criteria import SECTIONS, Criterion, criteria_of, in_section
from apps.store.forms.section import SectionForm, seen_of
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.services import answering, progress
from apps.store.services.answering import Clash, Saved
from apps.store.services.errors import LockedError
from apps.store.services.progress import Overview, SectionState
from apps.store.views import dossiers, hub_words
from apps.store.views.section_words import groups_of
from apps.ui import outcome
from apps.ui.outcome import Outcome

CLASHING = "clashing"  # codes of criteria of which the page shows two answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one section of a dossier holds now. `asked`: criteria of the page; those that have stopped to apply while
    somebody was writing are among them, so that nothing typed is lost (STO-28).
    """

    candidacy: Candidacy
    overview: Overview
    state: SectionState
    asked: tuple[Criterion, ...]

    def form(self, post: QueryDict | None = None) -> SectionForm:
        """The form of the section; two answers are shown where the page before has shown two."""
        clashing = post.getlist(CLASHING) if post is not None else ()
        return SectionForm(post, asked=self.asked, answers=self.overview.answers, clashing=clashing)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def candidacy_section(request: PublisherRequest, candidacy_id: UUID, section: str) -> HttpResponse:
    """Show and save one section of a draft."""
    page = _page(request, candidacy_id, section)
    if request.method != "POST":
        if not dossiers.is_draft(page.candidacy):
            return redirect("store:candidacy_read", candidacy_id)
        return _shown(request, page, page.form())
    form = page.form(request.POST)
    if not form.is_valid():
        return _shown(request, page, form)
    try:
        saved = answering.save_answers(
            actor=request.actor,
            candidacy_id=candidacy_id,
            section=section,
            entries=form.entries(),
            at=request.actor.at,
        )
    except LockedError:
        dossiers.locked(form)
        return _shown(request, page, form)
    return _after(request, _page(request, candidacy_id, section), saved)


def _page(request: PublisherRequest, candidacy_id: UUID, slug: str) -> Page:
    """404 for a section that does not exist, or in which nothing applies."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    overview = progress.overview_of(candidacy, at=request.actor.at)
    section = next((section for section in SECTIONS if section.slug == slug), None)
    if section is None:
        raise Http404
    state = overview.section(section)
    shown = {criterion.code for criterion in state.criteria}
    shown |= {name.removesuffix("-seen") for name in request.POST if name.endswith("-seen")}
    known = in_section(criteria_of(candidacy.referential), slug)
    asked = tuple(criterion for criterion in known if criterion.code in shown)
    if not asked:
        raise Http404
    return Page(candidacy=candidacy, overview=overview, state=state, asked=asked)


def _after(request: PublisherRequest, page: Page, saved: Saved) -> HttpResponse:
    """To the next section, or here again; where another member was quicker, both answers are shown."""
    if saved.clashes:
        return _both(request, page, saved)
    outcome.tell(request, Outcome(title=hub_words.answered_words(page.state)))
    if "stay" in request.POST and page.state.criteria:
        return redirect("store:candidacy_section", page.candidacy.id, page.state.section.slug)
    following = _following(page)
    if following is None:
        return redirect("store:candidacy", page.candidacy.id)
    return redirect("store:candidacy_section", page.candidacy.id, following.section.slug)


def _following(page: Page) -> SectionState | None:
    """The next section behind this one in which something applies."""
    places = {section.slug: place for place, section in enumerate(SECTIONS)}
    here = places[page.state.section.slug]
    return next((state for state in page.overview.sections() if places[state.section.slug] > here), None)


def _both(request: PublisherRequest, page: Page, saved: Saved) -> HttpResponse:
    """What was written is shown as written; of the others the page now knows the answer that stands."""
    answers = page.overview.answers
    known = {f"{code}-seen": seen_of(answers[code]) for code in saved.written}
    known |= {f"{clash.criterion}-seen": seen_of(clash.theirs) for clash in saved.clashes}
    post = dossiers.with_values(request.POST, **known)
    post.setlist(CLASHING, [clash.criterion for clash in saved.clashes])
    for clash in saved.clashes:
        post.pop(f"{clash.criterion}-choice", None)
    return _shown(request, page, page.form(post), saved.clashes)


def _shown(request: PublisherRequest, page: Page, form: SectionForm, clashes: Sequence[Clash] = ()) -> HttpResponse:
    names = progress.names_of(page.candidacy)
    shown = clashes or _still_clashing(page, form)
    context = {
        "candidacy": page.candidacy,
        "section": page.state.section,
        "form": form,
        "groups": groups_of(form, page.overview, names, shown),
        "clashing": sorted(form.clashing),
        "count": hub_words.answered_words(page.state),
        "has_next": _following(page) is not None,
        "pieces_url": hub_words.pieces_url(page.candidacy),
        "told": _("Another member has answered as well. Choose which answer is kept.") if form.clashing else "",
    }
    return render(request, "store/candidacy_section.html", context, status=dossiers.status_of(form))


def _still_clashing(page: Page, form: SectionForm) -> list[Clash]:
    """Where nobody has chosen yet, the answer that stands is shown again."""
    rows = page.overview.answers
    return [
        Clash(criterion=code, mine=answering.content_of(rows[code]), theirs=rows[code])
        for code in form.clashing
        if code in rows
    ]
