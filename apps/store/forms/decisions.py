"""RV-08, RV-09, RV-15: decisions and their second person, reservations, signatures, tests, appeals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store import reasons
from apps.store.forms.sessions import words_field
from apps.store.models import Appeal, Decision
from apps.store.services.connecting import Result
from apps.store.services.deciding import Reasons
from apps.ui.forms import EnsForm

KINDS = {
    Decision.Kind.ACCEPT: gettext_lazy("Reference the service"),
    Decision.Kind.REQUIRE_LIFT: gettext_lazy("Have the reservations lifted first"),
    Decision.Kind.REFUSE: gettext_lazy("Refuse (another delegate confirms)"),
}


class DecisionForm(EnsForm):
    """What the notice says; everything goes to the publisher."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the decision.")},
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Legal ground"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, words) for code, words in reasons.GROUNDS.items()],
        error_messages={"required": gettext_lazy("Tick at least one text.")},
    )
    facts = words_field(
        gettext_lazy("Facts and reasons"),
        rows=8,
        help_text=gettext_lazy("The publisher reads them. Name the criteria, no person."),
        error_messages={"required": gettext_lazy("Give the facts and the reasons.")},
    )
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Criteria on which the decision rests"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The notice repeats their verdict and the note to the publisher."),
    )
    signatory = forms.CharField(
        label=gettext_lazy("Your name and capacity"),
        help_text=gettext_lazy("As the notice prints them. Example: Claire Aubin, deputy delegate for digital health."),
        max_length=200,
        error_messages={"required": gettext_lazy("Give your name and your capacity.")},
    )

    def __init__(self, *args: Any, kinds: Sequence[Decision.Kind], codes: Sequence[tuple[str, str]], **kwargs: Any):  # noqa: ANN401, ANN204  Django's own
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, KINDS[kind]) for kind in kinds]
        self.fields["criteria"].choices = list(codes)
        if not codes:
            del self.fields["criteria"]

    def clean(self) -> dict[str, Any]:
        """A refusal names the criteria that it rests on where some are not met (L10)."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        rests = found.get("criteria")
        if found.get("kind") == Decision.Kind.REFUSE and "criteria" in self.fields and not rests:
            self.add_error("criteria", _("A refusal names the criteria that it rests on."))
        return found

    def reasons(self) -> Reasons:
        """Only after `is_valid`."""
        found = self.cleaned_data
        return Reasons(
            ground=",".join(found["grounds"]),
            facts=found["facts"],
            signatory=found["signatory"],
            criteria=tuple(found.get("criteria", ())),
        )


class ConfirmForm(EnsForm):
    """The second person: yes, or no with a reason."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            ("confirm", gettext_lazy("I confirm the refusal: the notice leaves")),
            ("return", gettext_lazy("I send it back: the delegates decide anew")),
        ],
        error_messages={"required": gettext_lazy("Choose your answer.")},
    )
    reason = words_field(
        gettext_lazy("Why it is sent back"),
        required=False,
        rows=3,
        help_text=gettext_lazy("Only for an answer that sends it back. Read in the back office, not by the publisher."),
    )

    def clean(self) -> dict[str, Any]:
        """A reason where it is sent back."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("answer") == "return" and not (found.get("reason") or "").strip():
            self.add_error("reason", _("Say why it is sent back."))
        return found


class LiftForm(EnsForm):
    """About one reservation that was answered."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            ("lift", gettext_lazy("The answer is enough: lift the reservation")),
            ("back", gettext_lazy("The answer is not enough: ask the publisher again")),
        ],
        error_messages={"required": gettext_lazy("Choose your answer.")},
    )
    reason = words_field(
        gettext_lazy("What is still missing"),
        required=False,
        rows=3,
        help_text=gettext_lazy("Only when you ask again. The publisher reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Words where it is asked again."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("answer") == "back" and not (found.get("reason") or "").strip():
            self.add_error("reason", _("Say what is still missing."))
        return found


class SignForm(EnsForm):
    """The name under a signature of the State."""

    name = forms.CharField(
        label=gettext_lazy("Your name and capacity"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give your name and your capacity.")},
    )
    has_read = forms.BooleanField(
        label=gettext_lazy("I have read the document and I am empowered to sign it"),
        error_messages={"required": gettext_lazy("Tick this box to sign.")},
    )


class TestsForm(EnsForm):
    """Result of the connection tests of one build."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        widget=forms.RadioSelect,
        choices=[("passed", gettext_lazy("All tests passed")), ("failed", gettext_lazy("A test failed"))],
        error_messages={"required": gettext_lazy("Choose the result.")},
    )
    build = forms.CharField(
        label=gettext_lazy("Build of the service"),
        help_text=gettext_lazy("Example: 4.2.1 of 12 November 2026."),
        max_length=80,
        error_messages={"required": gettext_lazy("Name the build that was tested.")},
    )
    note = words_field(
        gettext_lazy("What was tested, and what was seen"),
        help_text=gettext_lazy("The publisher reads it."),
        error_messages={"required": gettext_lazy("Say what was tested.")},
    )

    def tested(self) -> Result:
        """Only after `is_valid`."""
        found = self.cleaned_data
        return Result(has_passed=found["result"] == "passed", build=found["build"], note=found["note"])


# Beginnings of the reasons of an answer: one list for each of them, so that nobody who upholds is asked why the
# dossier is good, nor the other way round (L8).
UPHELD = {
    "criteria-unmet": gettext_lazy("The criteria named in the decision are still not met."),
    "nothing-new": gettext_lazy("The appeal brings no element that was not known on the day of the decision."),
    "out-of-field": gettext_lazy("The service does not belong to the field of the referencing."),
}
OVERTURNED = {
    "fact-wrong": gettext_lazy("A fact on which the decision rests is not right."),
    "evidence-missed": gettext_lazy("A piece of the dossier was not taken into account."),
    "criterion-misread": gettext_lazy("A criterion was not applied as it is written."),
    "term-unjust": gettext_lazy("The publisher could not keep the term for a reason that was not theirs."),
}


class AppealForm(EnsForm):
    """Uphold or overturn, each with its own reasons."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        widget=forms.RadioSelect,
        choices=[
            (Appeal.Outcome.UPHELD.value, gettext_lazy("Uphold the decision")),
            (Appeal.Outcome.OVERTURNED.value, gettext_lazy("Overturn it: the dossier is assessed anew")),
        ],
        error_messages={"required": gettext_lazy("Choose your answer.")},
    )
    upheld = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons to uphold"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(UPHELD.items()),
    )
    overturned = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons to overturn"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(OVERTURNED.items()),
    )
    text = words_field(
        gettext_lazy("Your reasons in detail"),
        rows=6,
        help_text=gettext_lazy("The publisher reads them with those that you have ticked."),
        error_messages={"required": gettext_lazy("Give your reasons.")},
    )

    def clean(self) -> dict[str, Any]:
        """Reasons of the other answer do not fit."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        outcome = found.get("outcome")
        if outcome == Appeal.Outcome.UPHELD and found.get("overturned"):
            self.add_error("overturned", _("These reasons belong to the other answer: untick them."))
        if outcome == Appeal.Outcome.OVERTURNED and found.get("upheld"):
            self.add_error("upheld", _("These reasons belong to the other answer: untick them."))
        return found

    def words(self) -> str:
        """Ticked reasons and what was written, one a line; only after `is_valid`."""
        found = self.cleaned_data
        ticked = [str(UPHELD[code]) for code in found["upheld"]]
        ticked += [str(OVERTURNED[code]) for code in found["overturned"]]
        return "\n".join([*ticked, found["text"].strip()])
