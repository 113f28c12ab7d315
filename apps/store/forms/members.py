"""Forms about people of a publisher: roles, mandate (PU-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.store.models import Member
from apps.ui.forms import EnsForm

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words

FAULTS: dict[tuple[str, str], Words] = {
    ("roles", "missing"): _("Choose at least one role."),
    ("roles", "unknown"): _("Choose among the roles of the list."),
    ("roles", "last-owner"): _("An organisation keeps at least one administrator: name another one first."),
    ("mandate", "not-a-pdf"): _("Choose a PDF of 20 MB at most."),
    ("mandate", "too-often"): _(
        "Your organisation has sent too many files for now: try again in an hour, or tomorrow."
    ),
    ("until", "past"): _("This mandate is over: choose a later date."),
}
ROLES = {
    Member.Role.OWNER: _("Administrator: members, organisation, dossiers"),
    Member.Role.TECHNICAL: _("Technical contact: dossiers, checks, connection tests"),
    Member.Role.SIGNATORY: _("Signatory: sends dossiers and signs, with a mandate"),
    Member.Role.DPO: _("Data-protection officer: dossiers, information texts"),
}


class RolesForm(EnsForm):
    """Roles of a member, several if need be."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, label) for role, label in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": FAULTS["roles", "missing"], "invalid_choice": FAULTS["roles", "unknown"]},
    )

    def refuse(self, field: str, reason: str) -> None:
        """Words of a fault that the service found."""
        self.add_error(field, FAULTS[field, reason])


class MandateForm(EnsForm):
    """The PDF and its last day."""

    mandate = forms.FileField(
        label=_("Mandate"),
        help_text=_("PDF of 20 MB at most, signed by the legal representative. If an error is shown, choose it again."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Choose a PDF."),
            "missing": _("Choose a PDF."),
            "empty": FAULTS["mandate", "not-a-pdf"],
            "invalid": FAULTS["mandate", "not-a-pdf"],
        },
    )
    until = forms.DateField(
        label=_("Last day of the mandate"),
        widget=forms.DateInput(attrs={"type": "date", "class": "fr-input"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write a date."), "invalid": _("Write a date.")},
    )

    def refuse(self, field: str, reason: str) -> None:
        """Words of a fault that the service found."""
        self.add_error(field, FAULTS[field, reason])

    def values(self) -> dict[str, Any]:
        """After `is_valid`: what the service takes."""
        return {"data": self.cleaned_data["mandate"].read(), "until": self.cleaned_data["until"]}
