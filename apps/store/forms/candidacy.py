"""PU-03: a new dossier; the orientation of one that is there (STO-21, STO-22, STO-28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.ids import uuid7
from apps.common.text import fold
from apps.store import orientation
from apps.store.forms.values import shown
from apps.store.models import Candidacy
from apps.store.services import drafting
from apps.store.services.drafting import Profile
from apps.ui.forms import EnsForm

_NAME_LENGTH = 80
YES_OR_NO = ((orientation.YES, gettext_lazy("Yes")), (orientation.NO, gettext_lazy("No")))


class ProfileForm(EnsForm):
    """Kind of the service, exchange of data, lane."""

    service_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of service"),
        choices=shown(Candidacy.ServiceKind.choices),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the kind of service.")},
    )
    exchange = forms.ChoiceField(
        label=gettext_lazy("Exchange of data with the health space"),
        help_text=gettext_lazy("Well-being services are listed without any exchange."),
        choices=shown(Candidacy.Exchange.choices),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether the service exchanges data.")},
    )
    lane = forms.ChoiceField(
        label=gettext_lazy("Lane"),
        help_text=gettext_lazy("A reimbursed service with a certificate of conformity goes faster."),
        choices=shown(Candidacy.Lane.choices),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the lane.")},
    )

    def clean(self) -> dict[str, Any]:
        """Well-being never exchanges (STO-07)."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        is_wellness = found.get("service_kind") == Candidacy.ServiceKind.WELLNESS
        if is_wellness and found.get("exchange") not in {None, Candidacy.Exchange.NONE}:
            self.add_error("exchange", _("A well-being service may be listed but never gets data of the space."))
        return found

    def profile(self) -> Profile:
        """What was chosen; only after `is_valid`."""
        return Profile(**{name: self.cleaned_data[name] for name in ("service_kind", "exchange", "lane")})


class NewCandidacyForm(ProfileForm):
    """`token` is the id of the dossier to be: sent twice it makes one."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name of the service"),
        help_text=gettext_lazy("As the catalogue will show it."),
        max_length=_NAME_LENGTH,
        error_messages={"required": gettext_lazy("Write the name of the service.")},
    )
    field_order = ("token", "name", "service_kind", "exchange", "lane")

    def clean_name(self) -> str:
        """A name with at least one letter or digit."""
        name: str = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalnum() for letter in fold(name)):
            raise forms.ValidationError(_("Write a name with letters."))
        if len(fold(name)) > _NAME_LENGTH:
            raise forms.ValidationError(_("Write a shorter name."))
        return name

    def candidacy_id(self) -> UUID:
        """Id of the dossier to be made."""
        return self.cleaned_data["token"] or uuid7()


class OrientationForm(ProfileForm):
    """Profile and questionnaire; questions may stay open. `seen`: mark of what the page has shown."""

    mark_optional = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, candidacy: Candidacy) -> None:
        profile = drafting.profile_of(candidacy)
        initial = {
            "seen": drafting.mark_of(candidacy), "service_kind": profile.service_kind, "exchange": profile.exchange,
            "lane": profile.lane, **candidacy.orientation,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
        for question in orientation.QUESTIONS:
            self.fields[question.name] = forms.ChoiceField(
                label=str(question.label),
                help_text=str(question.help),
                required=False,
                choices=YES_OR_NO,
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[str, str]:
        """Answers to the questions that have one; only after `is_valid`."""
        return {name: self.cleaned_data[name] for name in orientation.NAMES if self.cleaned_data[name]}
