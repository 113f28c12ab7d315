"""PU-02: people of an organisation, their roles and mandates, requests to join."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.reauthentication import confirmed_recently
from apps.files.services import FileGoneError, FileNotReadableError, StoreUnavailableError
from apps.store.forms.members import MandateForm, RolesForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Member
from apps.store.services import joining
from apps.store.services import members as services
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.views import member_words
from apps.store.views.organisation import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_member
@require_safe
def members(request: PublisherRequest) -> HttpResponse:
    """Who acts for the organisation; requests are seen by its administrators. Five queries."""
    people = services.members_of(request.publisher.pk)
    context = {
        "lines": member_words.lines(people, services.mandate_files(people), me=request.member, at=request.actor.at),
        "requests": joining.waiting_requests(request.publisher.pk) if request.member.is_owner else (),
        "me": request.member,
    }
    return render(request, "store/members.html", context)


@require_member
@confirmed_recently(gettext_lazy("Change the roles of a member"))
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: PublisherRequest, member_id: UUID) -> HttpResponse:
    """Roles of one member, by an administrator."""
    person = _member_or_404(request, member_id)
    if not request.member.is_owner:
        return refused(request)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": person.roles})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_roles(
                actor=request.actor, member_id=member_id, roles=form.cleaned_data["roles"], at=timezone.now()
            )
        except WrongValueError as error:
            form.refuse(error.field, error.reason)
        else:
            outcome.tell(request, Outcome(title=_("Roles changed"), detail=_("They count from the next page on.")))
            return redirect("store:members")
    return _form_page(request, "store/member.html", form, person)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def member_mandate(request: PublisherRequest, member_id: UUID) -> HttpResponse:
    """Bring the mandate of a signatory: one's own, or that of a colleague by an administrator."""
    person = _member_or_404(request, member_id)
    if person.id != request.member.id and not request.member.is_owner:
        return refused(request)
    is_sent = request.method == "POST"
    form = MandateForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        try:
            services.add_mandate(actor=request.actor, member_id=member_id, at=timezone.now(), **form.values())
        except WrongValueError as error:
            form.refuse(error.field, error.reason)
        except StoreUnavailableError:
            form.add_error(None, _("The file could not be kept. Try again in a few minutes."))
        else:
            detail = _("The antivirus looks at it now; a clean mandate counts at once.")
            outcome.tell(request, Outcome(title=_("Mandate received"), detail=detail))
            return redirect("store:members")
    return _form_page(request, "store/member_mandate.html", form, person)


@require_member
@require_safe
def member_mandate_file(request: PublisherRequest, member_id: UUID) -> HttpResponse:
    """The mandate itself, once the antivirus has found nothing; each opening is traced."""
    try:
        content = services.read_mandate(actor=request.actor, member_id=member_id, at=timezone.now())
    except (UnknownRowError, FileNotReadableError, FileGoneError) as error:
        raise Http404 from error
    except StoreUnavailableError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    headers = {"Content-Disposition": 'attachment; filename="mandat.pdf"'}
    return HttpResponse(content.data, content_type=content.media_type, headers=headers)


@require_member
@confirmed_recently(gettext_lazy("End a membership"))
@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: PublisherRequest, member_id: UUID) -> HttpResponse:
    """End the membership of a colleague, or leave."""
    person = _member_or_404(request, member_id)
    is_own = person.id == request.member.id
    if not is_own and not request.member.is_owner:
        return refused(request)
    context = {"person": person, "is_own": is_own, "is_last": False}
    if request.method != "POST":
        return render(request, "store/member_end.html", context)
    try:
        services.end(actor=request.actor, member_id=member_id, at=timezone.now())
    except WrongValueError:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "store/member_end.html", {**context, "is_last": True}, status=status)
    title = _("You have left the organisation") if is_own else _("Membership ended")
    outcome.tell(request, Outcome(title=title))
    return redirect("store:publisher_home" if is_own else "store:members")


def _member_or_404(request: PublisherRequest, member_id: UUID) -> Member:
    try:
        return services.member_for(actor=request.actor, member_id=member_id)
    except UnknownRowError as error:
        raise Http404 from error


def _form_page(request: PublisherRequest, template: str, form: RolesForm | MandateForm, person: Member) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, "person": person}, status=status)
