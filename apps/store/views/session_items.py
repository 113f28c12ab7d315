"""RV-13: one dossier before the commission: report, votes, opinion; members with a link find no such page (STO-18)."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.store.forms import sessions as forms
from apps.store.letters import opinions as letters
from apps.store.models import AgendaItem, Reservation, Session, Vote
from apps.store.services import acting, agenda, sitting, voting
from apps.store.views import act_page, session_lines
from apps.store.views.act_page import ActPage
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.report_lines import report_of
from apps.store.views.session_acts import METHODS, others
from apps.store.views.session_pages import pdf
from apps.store.views.sessions import SITS
from apps.ui.words import day


@case_page(*SITS, page="commission")
@require_safe
def commission_item(request: CaseRequest, session_id: UUID) -> HttpResponse:
    """Report, quorum, votes, opinion."""
    item, votes = _with_votes(request, session_id)
    bench = None if item.opinion else voting.bench_of(item)
    is_open = item.session.state == Session.State.PLANNED and not item.opinion
    kept = request.case.reservations.filter(made_at=item.opinion_at) if item.opinion_at else Reservation.objects.none()
    context = {
        "item": item,
        "session": item.session,
        "report": report_of(request.case),
        "quorum": session_lines.quorum_words(bench) if bench else session_lines.kept_quorum_words(item),
        "bench": bench,
        "votes": session_lines.tally_words(votes),
        "reservations": list(kept.order_by("due_on", "id")),
        "may_run": is_open and StaffRole.SECRETARIAT in request.staff_roles,
        "has_begun": sitting.today(request.actor.at) >= item.session.held_on,
    }
    return render(request, "store/session_item.html", {**head_of(request, ""), **context})


@case_page(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_votes(request: CaseRequest, session_id: UUID) -> HttpResponse:
    """Votes of those who are there and have no link."""
    item = _item(request, session_id)
    bench = voting.bench_of(item)
    cast = {str(one): choice for one, choice in item.votes.values_list("member_id", "choice")}
    form, error, now = (
        forms.VotesForm(act_page.data_of(request), voters=bench.voters, initial=cast),
        None,
        timezone.now(),
    )
    if form.is_valid():
        seen, votes = act_page.seen_of(request), form.votes()
        error = act_page.attempt(
            lambda: voting.record_votes(actor=request.actor, item_id=item.pk, votes=votes, seen=seen, at=now)
        )
        if error is None:
            detail = _("Record the opinion of the commission next.")
            return _done(request, item, _("Votes saved"), detail)
        act_page.say(form, error, at=now)
    page = _page(
        item,
        title=_("Votes"),
        heading=_("Votes: %(service)s") % {"service": request.case.service.name},
        lead=(f"{session_lines.quorum_words(bench)}.",) if bench.voters else (_("Say first who is there."),),
        button=_("Save the votes"),
    )
    context = {"act": page, "seen": item.session.sequence}
    return act_page.show(request, "store/session_act.html", form=form, context=context, error=error)


@case_page(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_opinion(request: CaseRequest, session_id: UUID) -> HttpResponse:
    """One of four opinions, with its dated reservations."""
    item, votes = _with_votes(request, session_id)
    bench = voting.bench_of(item)
    wanted = _lines(request)
    proposed = voting.count(votes).proposed if votes else ""
    typed = request.POST if "more" in request.POST else None
    shown = {"opinion": typed.get("opinion"), "text": typed.get("text")} if typed else {"opinion": proposed}
    data = None if typed else act_page.data_of(request)
    form = forms.OpinionForm(data, candidacy=request.case, lines=wanted, typed=typed, initial=shown)
    error, now = None, timezone.now()
    if form.is_valid():
        given, seen = form.given(), act_page.seen_of(request)
        error = act_page.attempt(
            lambda: voting.record_opinion(actor=request.actor, item_id=item.pk, given=given, seen=seen, at=now)
        )
        if error is None:
            return _done(request, item, _("Opinion recorded"), _("The dossier goes to the minister's delegate."))
        act_page.say(form, error, at=now)
    context = {
        "item": item, "session": item.session, "seen": item.session.sequence, "lines": wanted, "bench": bench,
        "quorum": session_lines.quorum_words(bench), "votes": session_lines.tally_words(votes),
    }  # fmt: skip
    return act_page.show(request, "store/session_opinion.html", form=form, context=context, error=error)


@case_page(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_move(request: CaseRequest, session_id: UUID) -> HttpResponse:
    """Put the dossier on the agenda of another session."""
    item = _item(request, session_id)
    form, error, now = (
        forms.MoveForm(act_page.data_of(request), sessions=others(item.session, request)),
        None,
        timezone.now(),
    )
    if form.is_valid():
        to, reason, seen = form.session_id(), form.cleaned_data["reason"], act_page.seen_of(request)
        error = act_page.attempt(
            lambda: agenda.move_item(
                actor=request.actor, item_id=item.pk, to=to or item.session_id, reason=reason, seen=seen, at=now
            )
        )
        if error is None:
            title, detail = _("Dossier moved"), _("The publisher is told of the new day.")
            return act_page.done(request, title, detail, "store:commission_session", item.session_id)
        act_page.say(form, error, at=now)
    page = _page(
        item,
        title=_("Move a dossier"),
        heading=_("Move to another session: %(service)s") % {"service": request.case.service.name},
        lead=(_("The dossier stays before the commission. Votes that were recorded fall."),)
        if form.fields["to"].choices
        else (_("No other session has an open agenda: plan one first."),),
        button=_("Move the dossier") if form.fields["to"].choices else "",
    )
    context = {"act": page, "seen": item.session.sequence}
    return act_page.show(request, "store/session_act.html", form=form, context=context, error=error)


@case_page(*SITS)
@require_safe
def commission_opinion_pdf(request: CaseRequest, session_id: UUID) -> HttpResponse:
    """The opinion as tagged PDF."""
    item = _item(request, session_id)
    if not item.opinion:
        raise Http404
    acting.trace(
        actor=request.actor, act="opinion.read", publisher_id=request.case.publisher_id, target=f"item:{item.pk}",
        at=request.actor.at,
    )  # fmt: skip
    return pdf(letters.opinion_pdf(item), f"avis-{request.case.number}.pdf")


def _item(request: CaseRequest, session_id: UUID) -> AgendaItem:
    return _with_votes(request, session_id)[0]


def _with_votes(request: CaseRequest, session_id: UUID) -> tuple[AgendaItem, list[str]]:
    """The dossier on this agenda, and the choices of those who voted: one query."""
    choices = ArraySubquery(Vote.objects.filter(item=OuterRef("pk")).order_by("id").values("choice"))
    rows = AgendaItem.objects.select_related("session").annotate(choices=choices)
    item = rows.filter(session=session_id, candidacy=request.case).first()
    if item is None:
        raise Http404
    item.candidacy = request.case
    return item, item.choices


def _page(item: AgendaItem, *, title: str, heading: str, button: str, lead: tuple[str, ...] = ()) -> ActPage:
    session = item.session
    here = reverse("store:commission_item", args=[session.pk, item.candidacy_id])
    parents = (
        (_("Commission"), reverse("store:commission")),
        (day(session.held_on), reverse("store:commission_session", args=[session.pk])),
        (item.candidacy.number, here),
    )
    return ActPage(
        title=title, heading=heading, button=button, lead=lead, parents=parents, back_url=here,
        back_label=_("Change nothing"),
    )  # fmt: skip


def _done(request: CaseRequest, item: AgendaItem, title: str, detail: str) -> HttpResponse:
    return act_page.done(request, title, detail, "store:commission_item", item.session_id, item.candidacy_id)


def _lines(request: CaseRequest) -> int:
    """How many reservations the page shows; "more" adds some."""
    typed = request.POST.get("lines", "")
    shown = int(typed) if typed.isdecimal() and len(typed) < 3 else forms.LINES  # noqa: PLR2004  two digits
    return min(shown + (forms.LINES if "more" in request.POST else 0), forms.MOST) or forms.LINES
