"""RV-15: the agreement, its three signatures, those of the State."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.reauthentication import confirmed_recently
from apps.store.forms.decisions import SignForm
from apps.store.models import Agreement, Candidacy, Signature
from apps.store.services import countersigning, papers, signing
from apps.store.services.signing import TURNS
from apps.store.states import Queue, Status
from apps.store.views import act_page, decision_lines
from apps.store.views.act_page import ActPage
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.decision_rows import agreement_pairs
from apps.store.views.session_acts import METHODS
from apps.store.views.session_pages import pdf
from apps.ui.components import Pair
from apps.ui.words import moment


@case_page(page="agreement")
@require_safe
def agreement(request: CaseRequest) -> HttpResponse:
    """Document, hash, categories of data, who has signed."""
    made = _agreement(request.case)
    context = {
        "agreement": made,
        "pairs": (Pair(term=_("Made"), value=moment(made.made_at)), *agreement_pairs(made)),
        "next": decision_lines.next_act(request) if request.case.status == Status.AGREEMENT else None,
    }
    return render(request, "store/agreement.html", {**head_of(request, "decide"), **context})


@case_page()
@require_safe
def agreement_document(request: CaseRequest) -> HttpResponse:
    """The very document that is signed."""
    found = act_page.opened(
        lambda: papers.open_agreement(actor=request.actor, candidacy_id=request.case.pk, at=timezone.now())
    )
    return pdf(found.data, f"convention-{found.number}.pdf")


@case_page(StaffRole.DESK, StaffRole.DELEGATE)
@confirmed_recently(gettext_lazy("Sign an agreement"))
@require_http_methods(METHODS)
def agreement_sign(request: CaseRequest) -> HttpResponse:
    """Sign for the party whose turn it is."""
    case, now, error = request.case, timezone.now(), None
    made, party = _agreement(case), _party(request)
    if party is None:
        return act_page.overtaken(request, (_("Agreement signed"), ""))
    form = SignForm(act_page.data_of(request))
    if form.is_valid():
        shown = (request.POST.get("document_hash", ""), act_page.seen_of(request))
        error = act_page.attempt(
            lambda: countersigning.sign_for_state(
                actor=request.actor, candidacy_id=case.pk, party=party, name=form.cleaned_data["name"], shown=shown,
                at=now,
            )
        )  # fmt: skip
        if error is None:
            return act_page.done(request, _("Agreement signed"), "", "store:agreement", case.pk)
        act_page.say(form, error, at=now)
    context = {**head_of(request, "decide"), "act": _page(case, made, party), "agreement": made}
    return act_page.show(request, "store/agreement_sign.html", form=form, context=context, error=error)


def _agreement(case: Candidacy) -> Agreement:
    made = signing.agreement_of(case)
    if made is None:
        raise Http404
    return made


def _party(request: CaseRequest) -> Signature.Party | None:
    """The party of the turn, when it is one of the State and the reader may sign for it."""
    case = request.case
    party = TURNS.get(Queue(case.queue)) if case.status == Status.AGREEMENT and case.queue else None
    if party not in countersigning.ROLES or countersigning.ROLES[party][0] not in request.staff_roles:
        return None
    return party


def _page(case: Candidacy, made: Agreement, party: Signature.Party) -> ActPage:
    return ActPage(
        title=_("Sign the agreement"),
        heading=_("Sign the agreement: %(service)s") % {"service": case.service.name},
        lead=(
            _("You sign for: %(party)s.") % {"party": party.label},
            _(
                "The portal keeps your account, the hour and the hash of the document that you have read. It is not a "
                "qualified electronic signature."
            ),
        ),
        pairs=(Pair(term=_("Hash of the document (SHA-256)"), value=made.document_hash),),
        button=_("Sign"),
        back_url=reverse("store:agreement", args=[case.pk]),
        back_label=_("Do not sign"),
    )
