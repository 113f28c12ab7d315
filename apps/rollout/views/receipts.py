"""Receipts to take away, and the public page that says whether one is genuine (O-06)."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from apps.access import SYSTEM
from apps.audit.services import Line, record
from apps.common import limits
from apps.common.addresses import client_address
from apps.rollout.forms.opposition import ReceiptForm
from apps.rollout.models import EligiblePerson
from apps.rollout.services import receipts
from apps.rollout.services.identifying import WEB
from apps.rollout.views import visits
from apps.rollout.views.done_cases import receipt_for
from apps.rollout.views.opposition_words import act_title, person_words, printed
from apps.rollout.views.steps import start_again

LANGUAGE = "fr"


@require_safe
def receipt_download(request: HttpRequest, handle: str) -> HttpResponse:
    """PDF of one person of this visit; its address and its file name say nothing of anybody."""
    now = timezone.now()
    visit = visits.find(request, at=now)
    case = visit.case(handle) if visit is not None else None
    receipt = receipt_for(case) if case is not None else None
    if case is None or receipt is None:
        return start_again(request)
    person = EligiblePerson.objects.select_related("identity").get(pk=case.person)
    with override(LANGUAGE):
        data = receipts.receipt_pdf(printed(receipt, person_words(person), phone=settings.SUPPORT_PHONE))
    line = Line(action="rollout.receipt.download", target=f"eligible:{case.person}", actor_id=WEB,
                facts={"act": receipt.act})  # fmt: skip
    record(actor=SYSTEM, at=now, line=line)
    headers = {"Content-Disposition": 'attachment; filename="recepisse.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt_check(request: HttpRequest) -> HttpResponse:
    """Genuine or not, what kind, which day: never whose. It changes nothing, so the answer is the page itself."""
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "rollout/receipt_check.html", {"form": form})
    now = timezone.now()
    verdict = limits.allow(act="receipt_address", key=client_address(request), at=now)
    if not verdict.allowed:
        return limits.refusal(verdict=verdict, at=now)
    if not form.is_valid():
        return render(request, "rollout/receipt_check.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    genuine = receipts.verify(reference=form.cleaned_data["reference"], proof=form.cleaned_data["proof"])
    title = act_title(genuine.act) if genuine is not None else ""
    context = {"form": form, "was_checked": True, "genuine": genuine, "kind": title}
    return render(request, "rollout/receipt_check.html", context)
