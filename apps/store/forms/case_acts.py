"""Forms of a dossier in the back office: link declared, assignment, report, message, result set aside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.store.forms.values import token_field
from apps.store.services.conflicts import LINK, NO_LINK
from apps.store.services.talking import LONGEST
from apps.ui.forms import EnsForm

Choices = Iterable[tuple[str, str | Promise]]
BACK = "file"


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class SeenForm(EnsForm):
    """A form that remembers which state of the dossier its page has shown (S34)."""

    data: Any
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def renew(self, seen: int) -> None:
        """The page is shown again with what was typed: it now shows this state."""
        self.data = self.data.copy()
        self.data["seen"] = str(seen)


class ConflictForm(EnsForm):
    """« Aucun lien » or « lien », with its kind (RV-03)."""

    link = forms.ChoiceField(
        label=_("Do you have a link to this publisher or its group, now or in the last five years?"),
        widget=forms.RadioSelect,
        choices=[(NO_LINK, _("No link")), (LINK, _("A link"))],
        error_messages={"required": _("Say whether you have a link.")},
    )
    kind = forms.CharField(
        label=_("Which link"),
        required=False,
        max_length=500,
        help_text=_("Employment, shares, family, advice, research… With a link the dossier closes for you."),
        widget=area(2),
    )

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean()
        if cleaned.get("link") == LINK and not str(cleaned.get("kind", "")).strip():
            self.add_error("kind", _("Say which link it is."))
        return cleaned


class AssignForm(SeenForm):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("To whom"), error_messages={"required": _("Choose somebody.")})
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=area(2), error_messages={"required": _("Say why.")}
    )

    def __init__(self, *args: object, people: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        back = (BACK, _("Nobody: back to the queue"))
        self.fields["to"].choices = [("", _("Choose")), *people, back]


class ReportForm(SeenForm):
    """The synthesis that goes to the second reader with the grid."""

    text = forms.CharField(
        label=_("Synthesis"),
        max_length=8000,
        help_text=_("Second reader, data-protection reader and commission read it beside the grid."),
        widget=area(8),
        error_messages={"required": _("Write the synthesis.")},
    )


class ReturnForm(SeenForm):
    """Why a report goes back to its assessor."""

    reason = forms.CharField(
        label=_("What has to be taken up again"),
        max_length=2000,
        widget=area(4),
        error_messages={"required": _("Say what has to be taken up again.")},
    )


class MessageForm(EnsForm):
    """A message to the publisher, about one criterion or about the whole dossier."""

    token = token_field()
    criterion = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Message"), max_length=LONGEST, widget=area(5), error_messages={"required": _("Write the message.")}
    )

    def __init__(self, *args: object, criteria: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [("", _("The whole dossier")), *criteria]


class OverrideForm(EnsForm):
    """What people make of an automatic result, and why (RV-05). `seen`: what they had made of it on the page."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What counts instead"),
        widget=forms.RadioSelect,
        choices=[("pass", _("Passed")), ("fail", _("Failed"))],
        error_messages={"required": _("Say what counts instead.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=area(4),
        help_text=_("It stays beside the result of the machine, and the publisher reads it, without your name."),
        error_messages={"required": _("Say why.")},
    )
