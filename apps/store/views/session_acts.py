"""RV-13: what the secretariat does with a session, each act on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.store import seats
from apps.store.forms.sessions import AgendaForm, MoveForm, PresenceForm
from apps.store.models import Candidacy, Session
from apps.store.services import agenda, sitting
from apps.store.states import Status
from apps.store.views import act_page
from apps.store.views.act_page import ActPage
from apps.store.views.session_pages import session_or_404
from apps.ui.components import Effect
from apps.ui.forms import EnsForm
from apps.ui.words import day

METHODS = ["GET", "HEAD", "POST"]
MOST_READY = 100


@require_staff(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_agenda(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """Choose dossiers that are ready."""
    session = session_or_404(request, session_id)
    ready = Candidacy.objects.visible_to(request.actor).filter(status=Status.READY).soonest_first()
    form = AgendaForm(act_page.data_of(request), ready=ready.select_related("service", "publisher")[:MOST_READY])

    def act() -> object:
        return agenda.put_on_agenda(
            actor=request.actor, session_id=session.pk, candidacy_ids=form.ids(), seen=act_page.seen_of(request),
            at=timezone.now(),
        )  # fmt: skip

    page = _page(
        session,
        title=_("Agenda"),
        heading=_("Put dossiers on the agenda"),
        lead=(_("The publisher is told. The commission has the dossiers until the end of the day of the session."),)
        if form.fields["candidacies"].choices
        else (_("No dossier is ready for the commission. They come here once their report is finished."),),
        button=_("Put on the agenda") if form.fields["candidacies"].choices else "",
    )
    return _answer(request, form, act, page, session, (_("Agenda completed"), ""))


@require_staff(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_papers(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """Send the papers now."""
    session = session_or_404(request, session_id)
    form = EnsForm(act_page.data_of(request))

    def act() -> object:
        seen = act_page.seen_of(request)
        return sitting.send_papers(actor=request.actor, session_id=session.pk, seen=seen, at=timezone.now())

    page = _page(
        session,
        title=_("Papers"),
        heading=_("Send the papers of the session"),
        effects=(
            Effect(text=_("Each member in office gets a mail with the number of dossiers to read."), icon="mail-line"),
            Effect(text=_("Members with a link to a publisher are not told of its dossier."), icon="lock-line"),
            Effect(text=_("From then on no dossier is added to the agenda."), icon="calendar-line"),
        ),
        button=_("Send the papers"),
    )
    return _answer(request, form, act, page, session, (_("Papers sent"), _("The agenda is closed.")))


@require_staff(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_presence(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """Tick who is there."""
    session = session_or_404(request, session_id)
    members, present = seats.sitting(session)
    there = {"members": [str(one) for one in present]}
    form = PresenceForm(act_page.data_of(request), members=members, initial=there)

    def act() -> object:
        return sitting.record_presence(
            actor=request.actor, session_id=session.pk, member_ids=form.ids(), seen=act_page.seen_of(request),
            at=timezone.now(),
        )  # fmt: skip

    page = _page(
        session,
        title=_("Members present"),
        heading=_("Members present"),
        lead=(_("The quorum is counted anew for each dossier, without members who have a link to its publisher."),),
        button=_("Save"),
    )
    return _answer(request, form, act, page, session, (_("Members present saved"), ""))


@require_staff(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_close(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """The session was held."""
    session = session_or_404(request, session_id)
    form = EnsForm(act_page.data_of(request))

    def act() -> object:
        seen = act_page.seen_of(request)
        return sitting.close_session(actor=request.actor, session_id=session.pk, seen=seen, at=timezone.now())

    page = _page(
        session,
        title=_("End of the session"),
        heading=_("End the session"),
        effects=(
            Effect(text=_("Nothing of the session changes any more."), icon="lock-line"),
            Effect(text=_("Its minutes can be taken away as PDF."), icon="file-download-line"),
        ),
        button=_("End the session"),
    )
    return _answer(request, form, act, page, session, (_("Session ended"), _("The minutes are there.")))


@require_staff(StaffRole.SECRETARIAT)
@require_http_methods(METHODS)
def commission_cancel(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """Give the session up; its dossiers go to another one."""
    session = session_or_404(request, session_id)
    number = session.items.count()
    form = MoveForm(act_page.data_of(request), sessions=others(session, request), is_needed=bool(number))

    def act() -> object:
        return agenda.cancel_session(
            actor=request.actor, session_id=session.pk, to=form.session_id(), reason=form.cleaned_data["reason"],
            seen=act_page.seen_of(request), at=timezone.now(),
        )  # fmt: skip

    words = ngettext(
        "%(count)s dossier goes to the agenda of another session, and its publisher is told.",
        "%(count)s dossiers go to the agenda of another session, and their publishers are told.",
        number,
    )
    page = _page(
        session,
        title=_("Cancel a session"),
        heading=_("Cancel the session of %(day)s") % {"day": day(session.held_on)},
        lead=(words % {"count": number} if number else _("No dossier stands on its agenda."),),
        button=_("Cancel the session"),
        back_label=_("Keep the session"),
    )
    return _answer(request, form, act, page, session, (_("Session cancelled"), ""))


def others(session: Session, request: StaffRequest) -> list[Session]:
    """Sessions whose agenda is open, the next one first."""
    planned = Session.objects.filter(state=Session.State.PLANNED).exclude(pk=session.pk).order_by("held_on", "id")
    return [one for one in planned if sitting.takes_dossiers(one, at=request.actor.at)]


def _page(session: Session, *, title: str, heading: str, button: str, **more: object) -> ActPage:
    here = reverse("store:commission_session", args=[session.pk])
    parents = ((_("Commission"), reverse("store:commission")), (day(session.held_on), here))
    values: dict[str, object] = {"back_label": _("Change nothing"), **more}
    return ActPage(title=title, heading=heading, button=button, back_url=here, parents=parents, **values)  # type: ignore[arg-type]  # words of the callers above


def _answer(
    request: StaffRequest, form: EnsForm, act: Callable[[], object], page: ActPage, session: Session,
    told: tuple[str, str],
) -> HttpResponse:  # fmt: skip
    error = None
    if form.is_valid():
        error = act_page.attempt(act)
        if error is None:
            return act_page.done(request, *told, "store:commission_session", session.pk)
        act_page.say(form, error, at=timezone.now())
    context = {"act": page, "seen": session.sequence}
    return act_page.show(request, "store/session_act.html", form=form, context=context, error=error)
