"""PU-02: creating an organisation, or asking to join one that is registered already."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.store.forms.publishers import DetailsForm, FindForm, JoinForm, proposed
from apps.store.guards import PublisherRequest, require_publisher
from apps.store.services import joining, numbers, publishers
from apps.store.services.errors import TooSoonError, UnknownRowError, WrongValueError
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import clock

KEPT = "ens_store_numbers"  # in the session: numbers that were typed, on the way to the next page


@require_publisher
@require_http_methods(["GET", "HEAD", "POST"])
def publisher_register(request: PublisherRequest) -> HttpResponse:
    """First the number: an organisation that is there already is joined, not made twice (S32)."""
    if request.actor.organisation_id:
        return redirect("store:publisher")
    if joining.own_request(request.user.pk) is not None:
        return redirect("store:publisher_join")
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = numbers.numbers_of(**form.cleaned_data)
        except WrongValueError as error:
            form.refuse(error.field, error.reason)
        else:
            request.session[KEPT] = asdict(found)
            is_there = publishers.is_registered(found.siren)
            return redirect("store:publisher_join" if is_there else "store:publisher_details")
    return _form_page(request, "store/publisher_register.html", form)


@require_publisher
@require_http_methods(["GET", "HEAD", "POST"])
def publisher_details(request: PublisherRequest) -> HttpResponse:
    """Then what the organisation says of itself; what the registers know is proposed."""
    if request.actor.organisation_id:
        return redirect("store:publisher")
    if KEPT not in request.session:
        return redirect("store:publisher_register")
    given = numbers.Numbers(**request.session[KEPT])
    known = numbers.known(given)
    form = DetailsForm(request.POST if request.method == "POST" else None, is_new=True, initial=proposed(given, known))
    if request.method == "POST" and form.is_valid():
        answer = _register(request, given.siren, form)
        if answer is not None:
            return answer
    return _form_page(request, "store/publisher_details.html", form, {"siren": given.siren, "known": known})


@require_publisher
@require_http_methods(["GET", "HEAD", "POST"])
def publisher_join(request: PublisherRequest) -> HttpResponse:
    """The organisation is registered: ask to be let in. Nothing of it is shown, not even its name (S32)."""
    if request.actor.organisation_id:
        return redirect("store:publisher")
    waiting = joining.own_request(request.user.pk)
    if waiting is not None:
        return render(request, "store/join_waiting.html", {"waiting": waiting})
    siren = request.session.get(KEPT, {}).get("siren", "")
    if not siren:
        return redirect("store:publisher_register")
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _ask(request, siren, form)
        if answer is not None:
            return answer
    return _form_page(request, "store/publisher_join.html", form, {"siren": siren})


@require_publisher
@require_POST
def publisher_join_withdraw(request: PublisherRequest) -> HttpResponse:
    """Take one's own request back."""
    if joining.withdraw(actor=request.actor, at=timezone.now()):
        detail = _("Nobody has been let in. You may create another organisation or ask again.")
        outcome.tell(request, Outcome(title=_("Request taken back"), detail=detail))
    return redirect("store:publisher_register")


def _register(request: PublisherRequest, siren: str, form: DetailsForm) -> HttpResponse | None:
    try:
        publishers.register(
            actor=request.actor,
            siren=siren,
            person=form.cleaned_data["person"],
            details=form.details(),
            at=timezone.now(),
        )
    except WrongValueError as error:
        form.refuse(error.field, error.reason)
        return None
    except publishers.AlreadyRegisteredError:
        return redirect("store:publisher_join")
    except publishers.AlreadyMemberError:
        return redirect("store:publisher")
    request.session.pop(KEPT, None)
    detail = _("You are its administrator. The addresses that you gave have to be confirmed: mails are on their way.")
    outcome.tell(request, Outcome(title=_("Organisation created"), detail=detail))
    return redirect("store:publisher")


def _ask(request: PublisherRequest, siren: str, form: JoinForm) -> HttpResponse | None:
    try:
        joining.ask_to_join(actor=request.actor, siren=siren, at=timezone.now(), **form.cleaned_data)
    except TooSoonError as error:
        words = _("You have asked often today. Try again from %(time)s.") % {"time": clock(error.again_at)}
        form.add_error(None, words)
        return None
    except (joining.AlreadyAskedError, publishers.AlreadyMemberError):
        return redirect("store:publisher_join")
    except UnknownRowError:
        return redirect("store:publisher_register")
    request.session.pop(KEPT, None)
    detail = _("Its administrators are told by mail. You will be told their answer by mail, too.")
    outcome.tell(request, Outcome(title=_("Request sent"), detail=detail))
    return redirect("store:publisher_join")


def _form_page(
    request: PublisherRequest,
    template: str,
    form: FindForm | DetailsForm | JoinForm,
    context: dict[str, object] | None = None,
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **(context or {})}, status=status)
