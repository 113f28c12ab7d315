"""Forms of folders (DMP-61)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.ids import uuid7
from apps.dmp.models import Folder
from apps.dmp.models.folder import NAME_AT_MOST
from apps.dmp.services import FOLDERS_AT_MOST, FolderFault
from apps.ui.forms import EnsForm

NEW, NONE = "nouveau", "aucun"


def fault_words(fault: FolderFault) -> str:
    """What to do about a name or a number that was refused."""
    match fault:
        case FolderFault.NAME_EMPTY:
            return _("Write the name of the folder.")
        case FolderFault.NAME_TOO_LONG:
            return _("Write a name of %(count)s characters at most.") % {"count": NAME_AT_MOST}
        case FolderFault.NAME_TAKEN:
            return _("A folder has this name already. Choose another name.")
        case FolderFault.TOO_MANY:
            return _("There are %(count)s folders, which is the most. Delete one first.") % {"count": FOLDERS_AT_MOST}


class _NamingForm(EnsForm):
    """A form that may make a folder: `token` is the id of the folder to be, sent twice it makes one."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def folder_id(self) -> UUID:
        """Id of the folder to be; only after `is_valid`."""
        return self.cleaned_data["token"] or uuid7()

    def refuse(self, fault: FolderFault) -> None:
        """Tell beside the name why the service refused."""
        self.add_error("name", fault_words(fault))


class FolderForm(_NamingForm):
    """The name of a folder."""

    name = forms.CharField(
        label=gettext_lazy("Name of the folder"),
        help_text=gettext_lazy("50 characters at most."),
        max_length=NAME_AT_MOST,
        error_messages={"required": gettext_lazy("Write the name of the folder.")},
    )


class _FolderField(forms.ChoiceField):
    """Offers folders; an id that is not offered is left to the service, which refuses an unknown one (SEC-02)."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or _is_id(value)


class FilingForm(_NamingForm):
    """Where ticked documents go: into a folder, a new one or none."""

    mark_optional = False

    folder = _FolderField(label=gettext_lazy("Folder"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Name of the new folder"),
        help_text=gettext_lazy("Only for a new folder. 50 characters at most."),
        max_length=NAME_AT_MOST,
        required=False,
    )

    def __init__(self, *args: Any, folders: Iterable[Folder], **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        offered = [(str(one.id), one.name) for one in folders]
        choices = [("", _("Choose")), *offered, (NEW, _("New folder")), (NONE, _("No folder"))]
        field = self.fields["folder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A name without a choice means a new folder."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not cleaned["folder"] and cleaned["name"]:
            cleaned["folder"] = NEW
        if not cleaned["folder"]:
            self.add_error("folder", _("Choose where the documents go."))
        elif cleaned["folder"] == NEW and not cleaned["name"]:
            self.add_error("name", fault_words(FolderFault.NAME_EMPTY))
        return cleaned

    def chosen(self) -> UUID | None:
        """The folder that was chosen, None to take out; only when it is no new one."""
        return None if self.cleaned_data["folder"] == NONE else UUID(self.cleaned_data["folder"])


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
