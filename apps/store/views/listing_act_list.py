"""Acts on a referenced service as a table: words, who may, when, with which form, what it does (RV-09)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import StaffRole
from apps.store.forms import listing_acts as forms
from apps.store.models import Decision, Listing
from apps.store.services import suspending, warning, withdrawing
from apps.store.states import LISTING, ListingStatus, Queue
from apps.store.states.listing import SUSPENDABLE
from apps.store.transitions import FOR_DESK
from apps.store.transitions.listing_guards import findings_sent
from apps.ui.forms import EnsForm

S, Q, R = ListingStatus, Queue, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`slug` stands in the address. `given`: what of the form goes to the service. `effects`: what it does, in words.

    `is_grave`: asks again who is there.
    """

    slug: str
    label: str | Promise
    role: StaffRole
    when: Callable[[Listing], bool]
    form: type[EnsForm]
    do: Callable[..., Any]
    given: Callable[[EnsForm], dict[str, Any]]
    effects: tuple[str | Promise, ...]
    done: str | Promise
    is_grave: bool = True


def _reasons(form: Any) -> dict[str, Any]:  # noqa: ANN401  one of the forms below
    return {"reasons": form.reasons()}


def _until(form: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"reasons": form.reasons(), "until": form.cleaned_data["effect_on"]}


def _effect(form: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"reasons": form.reasons(), "effect_on": form.cleaned_data["effect_on"]}


def _reason(form: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"reason": form.cleaned_data["facts"]}


def _nothing(_form: object) -> dict[str, Any]:
    return {}


def _second_for(kind: Decision.Kind) -> Callable[[Listing], bool]:
    """One queue is for the second signature of both; the reason says which one waits."""
    return lambda one: (
        one.queue == Q.CONFIRMER and ("withdrawal-proposed" in one.reasons) == (kind is Decision.Kind.WITHDRAW)
    )


def _suspended_for(*queues: Queue) -> Callable[[Listing], bool]:
    return lambda one: one.status == S.SUSPENDED and one.queue in queues


def _for_desk(one: Listing) -> bool:
    return one.queue == Q.DESK or bool(set(one.reasons) & set(FOR_DESK))


def _audit_is_ours(one: Listing) -> bool:
    """Answered, or the term of the answer is over: nobody waits for a publisher for ever."""
    is_late = one.queue == Q.PUBLISHER and one.due_at is not None and one.due_at < timezone.now()
    return one.status == S.AUDIT and (one.queue == Q.ASSESSOR or is_late)


def _may_go(one: Listing) -> bool:
    known = Q.CONFIRMER in LISTING.stays[S(one.status)].terms
    return known and one.queue != Q.CONFIRMER


NOTICE_LATER = _("The notice leaves with the second signature; the service is suspended at once.")
ACTS = (
    Act(
        slug="mise-en-demeure", label=_("Give formal notice"), role=R.DESK, form=forms.NoticeForm, given=_until,
        when=lambda one: one.status in {S.PUBLISHED, S.AUDIT} and one.queue != Q.CONFIRMER, do=warning.give_notice,
        effects=(
            _("The publisher gets the notice as a PDF and has until the day to remedy."),
            _("Users see nothing of it. Without a remedy the service is suspended."),
        ),
        done=_("Formal notice given"),
    ),
    Act(
        slug="classer", label=_("Nothing against the service"), role=R.DESK, form=forms.ReasonForm, given=_reason,
        when=_for_desk, do=warning.dismiss, is_grave=False,
        effects=(_("The failed check or the incident is closed; your words stay in the history."),),
        done=_("Closed"),
    ),
    Act(
        slug="precaution", label=_("Suspend as a precaution"), role=R.DESK, form=forms.ReasonsForm, given=_reasons,
        when=lambda one: one.status in SUSPENDABLE, do=suspending.suspend_as_precaution,
        effects=(
            _("The catalogue says at once that the service is suspended; nobody new connects."),
            _("It lasts fifteen days at most; the minister's delegate decides in the meantime."),
        ),
        done=_("Service suspended as a precaution"),
    ),
    Act(
        slug="audit", label=_("Begin an audit"), role=R.ASSESSOR, form=forms.LongReasonForm,
        given=lambda form: {"plan": form.cleaned_data["facts"]}, do=warning.start_audit, is_grave=False,
        when=lambda one: one.status == S.PUBLISHED and not one.queue,
        effects=(_("The publisher gets the plan of the audit and has one month to answer."),), done=_("Audit begun"),
    ),
    Act(
        slug="audit-conforme", label=_("End the audit without remark"), role=R.ASSESSOR, form=forms.ReasonForm,
        given=lambda form: {"report": form.cleaned_data["facts"]}, do=warning.end_audit, is_grave=False,
        when=_audit_is_ours,
        effects=(_("The service is referenced as before."),), done=_("Audit ended"),
    ),
    Act(
        slug="audit-constats", label=_("Send the findings"), role=R.ASSESSOR, form=forms.FindingsForm,
        given=lambda form: {"findings": form.cleaned_data["facts"]}, do=warning.send_findings, is_grave=False,
        when=lambda one: _audit_is_ours(one) and not findings_sent(one),
        effects=(_("The publisher reads them and has fifteen days to answer before any formal notice."),),
        done=_("Findings sent"),
    ),
    Act(
        slug="audit-anomalies", label=_("Find anomalies"), role=R.ASSESSOR, form=forms.NoticeForm, given=_until,
        when=lambda one: _audit_is_ours(one) and findings_sent(one), do=warning.find_anomalies,
        effects=(_("The publisher gets a formal notice with your findings and has until the day to remedy."),),
        done=_("Formal notice given"),
    ),
    Act(
        slug="remedie", label=_("What was asked for is done"), role=R.ASSESSOR, form=forms.ReasonForm, given=_reason,
        when=lambda one: one.status == S.FORMAL_NOTICE and one.queue != Q.CONFIRMER, do=warning.accept_remedy,
        is_grave=False, effects=(_("The formal notice ends."),), done=_("Formal notice ended"),
    ),
    Act(
        slug="pas-remedie", label=_("Not done yet"), role=R.ASSESSOR, form=forms.ReasonForm, given=_reason,
        when=lambda one: one.status == S.FORMAL_NOTICE and one.queue == Q.ASSESSOR, do=warning.refuse_remedy,
        is_grave=False, effects=(_("It is the publisher's turn again, until the day of the notice."),),
        done=_("Sent back to the publisher"),
    ),
    Act(
        slug="suspendre", label=_("Suspend"), role=R.DELEGATE, form=forms.ReasonsForm, given=_reasons,
        when=lambda one: one.status in SUSPENDABLE, do=suspending.suspend,
        effects=(
            _("The catalogue says at once that the service is suspended; nobody new connects."),
            _("A second delegate confirms within one working day; only then the notice leaves."),
        ),
        done=_("Service suspended"),
    ),
    Act(
        slug="maintenir", label=_("Maintain the suspension"), role=R.DELEGATE, form=forms.ReasonsForm, given=_reasons,
        when=_suspended_for(Q.DELEGATE), do=suspending.maintain,
        effects=(_("A second delegate confirms; only then the notice leaves."),), done=_("Suspension maintained"),
    ),
    Act(
        slug="confirmer-suspension", label=_("Confirm the suspension"), role=R.DELEGATE, form=EnsForm, given=_nothing,
        when=_second_for(Decision.Kind.SUSPEND), do=suspending.confirm_suspension,
        effects=(_("The publisher gets the notice with reasons and ways of appeal."),), done=_("Suspension confirmed"),
    ),
    Act(
        slug="renvoyer-suspension", label=_("Send the suspension back"), role=R.DELEGATE, form=forms.ReasonForm,
        given=_reason, when=_second_for(Decision.Kind.SUSPEND), do=suspending.return_suspension,
        effects=(_("The service stays suspended until a delegate has decided again."),), done=_("Suspension sent back"),
    ),
    Act(
        slug="retablir", label=_("End the suspension"), role=R.DELEGATE, form=forms.ReasonsForm, given=_reasons,
        when=_suspended_for(Q.DELEGATE, Q.PUBLISHER), do=suspending.restore,
        effects=(_("The service is in the catalogue as before; the publisher gets the decision."),),
        done=_("Suspension ended"),
    ),
    Act(
        slug="retirer", label=_("Propose the withdrawal"), role=R.DELEGATE, form=forms.WithdrawalForm, given=_effect,
        when=_may_go, do=withdrawing.propose,
        effects=(
            _("A second delegate confirms within five working days; nothing changes for users before."),
            _("Then the catalogue names the day on which the service leaves."),
        ),
        done=_("Withdrawal proposed"),
    ),
    Act(
        slug="confirmer-retrait", label=_("Confirm the withdrawal"), role=R.DELEGATE, form=EnsForm, given=_nothing,
        when=_second_for(Decision.Kind.WITHDRAW), do=withdrawing.confirm,
        effects=(
            _("The publisher gets the notice with reasons and ways of appeal."),
            _("The catalogue names the day on which the service leaves."),
        ),
        done=_("Withdrawal confirmed"),
    ),
    Act(
        slug="renvoyer-retrait", label=_("Send the withdrawal back"), role=R.DELEGATE, form=forms.ReasonForm,
        given=_reason, when=_second_for(Decision.Kind.WITHDRAW), do=withdrawing.send_back,
        effects=(_("The service is where it was."),), done=_("Withdrawal sent back"),
    ),
)  # fmt: skip
BY_SLUG = {act.slug: act for act in ACTS}


def possible(listing: Listing, roles: Collection[str]) -> list[Act]:
    """Acts that somebody of these roles may do now."""
    return [act for act in ACTS if act.role in roles and act.when(listing)]
