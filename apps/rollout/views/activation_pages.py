"""The five steps of S-08, each an address of its own with the activation in it: two tabs never mix two people up."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import factors, passkeys
from apps.accounts.forms import NewAddressForm, SentCodeForm
from apps.accounts.models import User
from apps.accounts.reauthentication import confirmed_recently
from apps.accounts.services import CODE_LIFE
from apps.common import limits
from apps.common.addresses import client_address
from apps.rollout.forms.activation import ChoicesForm
from apps.rollout.models import Activation, Capacity
from apps.rollout.services import activations, opposing
from apps.rollout.services.activating import ActivationRefusedError
from apps.rollout.services.activations import MailNotSentError
from apps.rollout.views import activation_words as words
from apps.rollout.views.activation_steps import At, in_activation, under_way
from apps.rollout.views.opposition_words import person_words
from apps.spaces.models import HealthSpace
from apps.spaces.services import EmergencyChoices, emergency_setting


@require_safe
@under_way
def activation_identity(request: HttpRequest, at: At) -> HttpResponse:
    """Step 1: the traits, read-only, and who corrects them (IDN-16); the code alone shows three of them (SEC-06)."""
    person = at.activation.person
    context = {
        "at": at,
        "person": person_words(person),
        "identity": person.identity if at.is_signed_in else None,
        "opposition": opposing.standing_opposition(person),
    }
    return render(request, "rollout/activation_identity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@under_way
def activation_contact(request: HttpRequest, at: At) -> HttpResponse:
    """Step 2: where we write to; an address belongs to an account, so it is asked for once somebody has signed in."""
    if at.is_signed_in:
        return _own_contact(request, at)
    return _contact_page(request, at, NewAddressForm(), "")


@confirmed_recently(gettext_lazy("Change the mail address"))
def _own_contact(request: HttpRequest, at: At) -> HttpResponse:
    """As in the settings: a session that somebody has left open gives no other address (IDN-37)."""
    user = cast("User", at.visitor.user)
    form = NewAddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _contact_page(request, at, form, user.email)
    mail, address = form.cleaned_data["email"].lower(), client_address(request)
    try:
        activations.send_code(activation=at.activation, user=user, mail=mail, address=address, at=at.now)
    except MailNotSentError as error:
        return limits.refusal(verdict=error.verdict, at=at.now)
    return redirect("rollout:activation_mail_check", at.activation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@under_way
def activation_mail_check(request: HttpRequest, at: At) -> HttpResponse:
    """Step 2, end: the code that went to the address comes back."""
    sent = at.activation.mail_sent_at
    if not at.is_signed_in or not at.activation.mail_hash or sent is None or at.now >= sent + CODE_LIFE:
        return redirect("rollout:activation_contact", at.activation.pk)
    user = cast("User", at.visitor.user)
    form = SentCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if activations.check_code(activation=at.activation, user=user, code=code, at=at.now):
            return redirect("rollout:activation_sign_in", at.activation.pk)
        form.add_error("code", _("This code is not right. Check it, or start again."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "rollout/activation_mail_check.html", {"at": at, "form": form}, status=status)


@require_safe
@under_way
def activation_sign_in(request: HttpRequest, at: At) -> HttpResponse:
    """Step 3: FranceConnect, and a passkey made behind it (SEC-34)."""
    user = at.visitor.user if at.is_signed_in else None
    context = {
        "at": at,
        "passkeys": list(passkeys.of(user)) if user is not None else [],
        "has_factors": bool(factors.means_of(user)) if user is not None else False,
    }
    return render(request, "rollout/activation_sign_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@under_way
def activation_choices(request: HttpRequest, at: At) -> HttpResponse:
    """Step 4: what may wait is explained, what has an effect is asked; then the space is activated."""
    space = HealthSpace.objects.filter(identity_id=at.activation.person_id).first()
    form = _choices_form(request, at, space)
    if request.method == "POST" and form.is_valid():
        try:
            activations.finish(
                activation=at.activation,
                visitor=at.visitor,
                withdraws=form.withdraws_opposition(),
                choices=form.choices(),
                at=at.now,
            )
        except ActivationRefusedError as error:
            return words.refused(request, error.fault)
        return redirect("rollout:activation_done", at.activation.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"at": at, "form": form, "person": person_words(at.activation.person), "is_open": space is not None}
    return render(request, "rollout/activation_choices.html", context, status=status)


@require_safe
@in_activation
def activation_done(request: HttpRequest, at: At) -> HttpResponse:
    """Step 5: what has happened, and three things to do."""
    if at.activation.finished_at is None:
        return redirect("rollout:activation_choices", at.activation.pk)
    space = HealthSpace.objects.filter(identity_id=at.activation.person_id, status=HealthSpace.Status.OPEN).first()
    context = {
        "at": at,
        "person": person_words(at.activation.person),
        "space": space,
        "outcomes": Activation.Outcome,
        "outcome": at.activation.outcome,
    }
    return render(request, "rollout/activation_done.html", context)


def _contact_page(request: HttpRequest, at: At, form: NewAddressForm, mail: str) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"at": at, "form": form, "mail": mail}
    return render(request, "rollout/activation_contact.html", context, status=status)


def _choices_form(request: HttpRequest, at: At, space: HealthSpace | None) -> ChoicesForm:
    opposition = opposing.standing_opposition(at.activation.person)
    return ChoicesForm(
        request.POST if request.method == "POST" else None,
        capacity=Capacity(at.activation.capacity),
        chooses=at.is_signed_in,
        opposed_at=opposition.received_at if opposition is not None else None,
        now=emergency_setting(space_id=space.pk).choices if space is not None else EmergencyChoices(),
    )
