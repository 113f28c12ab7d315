"""S-08, before the five steps: what an activation is, whose space, by which proof."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.common.addresses import client_address
from apps.rollout.forms.activation import NumberedForm
from apps.rollout.models import Activation, Channel, EligiblePerson, NoticeCode
from apps.rollout.services import activations, offering, proving
from apps.rollout.services.activating import Acting, ActivationRefusedError, Fault, fault_of_ended_code
from apps.rollout.services.activations import Visitor
from apps.rollout.services.identifying import Standing, TooManyTriesError
from apps.rollout.services.proving import Notified, Proved
from apps.rollout.views import activation_words as words
from apps.rollout.views.activation_steps import show, visitor_of
from apps.rollout.views.other_ways import too_many_tries


@require_safe
def activation_start(request: HttpRequest) -> HttpResponse:
    """What it is, how long it takes, what to have at hand; what may be activated or taken up again."""
    now, visitor = timezone.now(), visitor_of(request)
    identity_id = visitor.identity_id
    context = {
        "is_known": identity_id is not None,
        "is_too_low": isinstance(request.user, User) and visitor.user is None,
        "under_way": activations.under_way(visitor=visitor, at=now),
        "offers": offering.offers_of(identity_id=identity_id, at=now) if identity_id is not None else [],
    }
    return render(request, "rollout/activation_start.html", context)


@require_POST
def activation_begin(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Begin, or go on, for oneself or somebody one represents: FranceConnect is the proof."""
    visitor = visitor_of(request)
    if visitor.user is None or visitor.identity_id is None:
        return redirect("rollout:activation_start")
    acting = _signed_in(visitor, visitor.identity_id)
    return _begun(request, person_id, acting)


@require_http_methods(["GET", "HEAD", "POST"])
def activation_identify(request: HttpRequest) -> HttpResponse:
    """The notice: its code, the birth date and, without FranceConnect, the 15-digit number; one text for every miss."""
    visitor = visitor_of(request)
    asks_number = visitor.identity_id is None
    form = NumberedForm(request.POST if request.method == "POST" else None, asks_number=asks_number)
    if request.method != "POST":
        return _identify_page(request, form)
    if not form.is_valid():
        return _identify_page(request, form, unreadable=True)
    try:
        proved = _prove(request, form, visitor)
    except TooManyTriesError as error:
        return too_many_tries(request, error.retry_at)
    return _after_proof(request, visitor, proved) if proved is not None else _identify_page(request, form, failed=True)


def _after_proof(request: HttpRequest, visitor: Visitor, proved: Proved) -> HttpResponse:
    if proved.standing is not Standing.ACTS:
        return words.refused(request, fault_of_ended_code(person_id=proved.person_id))
    code = NoticeCode.objects.get(pk=proved.code_id)
    if visitor.identity_id is not None:
        acting = _signed_in(visitor, proved.identity_id, code)
    else:
        acting = Acting(identity_id=proved.identity_id, channel=Channel.ONLINE, code=code)
    return _begun(request, proved.person_id, acting)


def _prove(request: HttpRequest, form: NumberedForm, visitor: Visitor) -> Proved | None:
    now, address = timezone.now(), client_address(request)
    notified = Notified(code=form.cleaned_data["code"], birth_date=form.birth_date(), address=address)
    if visitor.identity_id is not None:
        return proving.prove_by_sign_in(notified=notified, identity_id=visitor.identity_id, at=now)
    return proving.prove_by_number(notified=notified, number=form.cleaned_data["number"], at=now)


def _signed_in(visitor: Visitor, identity_id: UUID, code: NoticeCode | None = None) -> Acting:
    user_id = visitor.user.pk if visitor.user is not None else None
    channel = Channel.ACCOUNT
    return Acting(identity_id=identity_id, channel=channel, user_id=user_id, level=visitor.level, code=code)


def _begun(request: HttpRequest, person_id: UUID, acting: Acting) -> HttpResponse:
    try:
        row: Activation = activations.begin(person_id=person_id, acting=acting, at=timezone.now())
    except EligiblePerson.DoesNotExist as error:
        raise Http404 from error
    except ActivationRefusedError as error:
        if error.fault is Fault.NOT_YOURS:
            raise Http404 from error  # the same as for nobody (SEC-01)
        return words.refused(request, error.fault)
    if acting.user_id is None:
        show(request, row)
    return redirect("rollout:activation_identity", row.pk)


def _identify_page(
    request: HttpRequest, form: NumberedForm, *, failed: bool = False, unreadable: bool = False
) -> HttpResponse:
    context = {
        "typed": form,
        "asks_number": "number" in form.fields,
        "failed": failed,
        "wrong": failed or unreadable,
        # Only where it is the one thing to correct: a page that was sent empty is told about all three.
        "number_error": form.errors["number"][0] if unreadable and set(form.errors) == {"number"} else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed or unreadable else HTTPStatus.OK
    return render(request, "rollout/activation_identify.html", context, status=status)
