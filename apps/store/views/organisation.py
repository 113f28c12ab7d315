"""PU-02: one's organisation, changes of it, its addresses."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.common import limited
from apps.store.forms.publishers import AddressForm, DetailsForm, initial_of
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Member
from apps.store.services import addresses, publishers
from apps.store.services.errors import ChangedError, TooSoonError, WrongValueError
from apps.store.views import organisation_words
from apps.store.views.act_page import seen_of
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import clock

KEY = "ens_store_address"


@require_member
@require_safe
def publisher(request: PublisherRequest) -> HttpResponse:
    """What the organisation has said, and the state of its addresses."""
    return _page(request, AddressForm())


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def publisher_change(request: PublisherRequest) -> HttpResponse:
    """Change it; a page that a colleague has overtaken changes nothing and shows both (S34)."""
    if not request.member.is_owner:
        return refused(request)
    own = request.publisher
    form = DetailsForm(request.POST if request.method == "POST" else None, is_new=False, initial=initial_of(own))
    seen = seen_of(request) if request.method == "POST" else own.sequence
    context: dict[str, object] = {"form": form, "seen": seen}
    if request.method == "POST" and form.is_valid():
        try:
            publishers.change(actor=request.actor, details=form.details(), seen=seen, at=timezone.now())
        except WrongValueError as error:
            form.refuse(error.field, error.reason)
        except ChangedError as error:
            own.refresh_from_db()
            context |= {"seen": own.sequence, "overtaken": organisation_words.overtaken(error, own, form)}
            return render(request, "store/publisher_change.html", context, status=HTTPStatus.CONFLICT)
        else:
            outcome.tell(request, Outcome(title=_("Organisation changed")))
            return redirect("store:publisher")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "store/publisher_change.html", context, status=status)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def publisher_address(request: PublisherRequest) -> HttpResponse:
    """Have an address confirmed: contact, technical, security (STO-106)."""
    if request.method != "POST":
        return redirect("store:publisher")
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        addresses.ask_confirmation(actor=request.actor, email=form.cleaned_data["email"], at=timezone.now())
    except TooSoonError as error:
        form.add_error(
            None, _("Many mails have left this hour. Try again from %(time)s.") % {"time": clock(error.again_at)}
        )
        return _page(request, form)
    detail = _("Its link lives for 48 hours. Whoever reads there confirms, without an account.")
    outcome.tell(request, Outcome(title=_("Mail sent"), detail=detail))
    return redirect("store:publisher")


@require_safe
def address_key(request: HttpRequest, key: str) -> HttpResponse:
    """Take the key out of the address bar; a machine that follows links confirms nothing."""
    request.session[KEY] = key
    return redirect("store:address_confirm")


@require_http_methods(["GET", "HEAD", "POST"])
@limited.by_address("sign_in_address")
def address_confirm(request: HttpRequest) -> HttpResponse:
    """Whoever reads at the address says so; no account is needed (STO-106)."""
    key, now = request.session.get(KEY, ""), timezone.now()
    if request.method == "POST" and addresses.confirm(key=key, at=now):
        request.session.pop(KEY)
        return redirect("store:address_confirmed")
    proof = addresses.proof_of(key, at=now)
    status = HTTPStatus.OK if proof or request.method != "POST" else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "store/address_confirm.html", {"proof": proof}, status=status)


@require_safe
def address_confirmed(request: HttpRequest) -> HttpResponse:
    """Thanks; says nothing of the address."""
    return render(request, "store/address_confirmed.html")


def refused(request: PublisherRequest, *roles: Member.Role) -> HttpResponse:
    """The page for a member whose roles are not enough. `roles`: those that would be; none: an administrator's."""
    may_owner = roles and Member.Role.SIGNATORY not in roles  # as `policies.may_act_for` has it
    named = dict.fromkeys((Member.Role.OWNER, *roles) if may_owner else roles)
    labels = ", ".join(str(role.label) for role in named)
    return render(request, "store/no_role.html", {"roles": labels}, status=HTTPStatus.FORBIDDEN)


def _page(request: PublisherRequest, form: AddressForm) -> HttpResponse:
    own = request.publisher
    context = {
        "form": form,
        "publisher": own,
        "member": request.member,
        "pairs": organisation_words.pairs(own),
        "addresses": organisation_words.address_lines(addresses.states_of(own, at=request.actor.at)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "store/publisher.html", context, status=status)
