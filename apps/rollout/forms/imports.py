"""RO-02: bringing an eligibility file, confirming it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.ui.forms import EnsForm

_is_checksum = re.compile(r"[0-9a-fA-F]{64}").fullmatch


class ImportForm(EnsForm):
    """A file of the browser or one of the server, never both; `server_files` are the names that may be chosen."""

    upload = forms.FileField(
        label=gettext_lazy("File of this computer"),
        help_text=gettext_lazy("CSV in UTF-8, columns separated by semicolons, 2 GB at most."),
        required=False,
        allow_empty_file=True,
    )
    server_file = forms.ChoiceField(
        label=gettext_lazy("Or a file of the server"),
        help_text=gettext_lazy("Files that the platform put into the folder of the imports."),
        required=False,
    )
    sha256 = forms.CharField(
        label=gettext_lazy("Checksum of the file"),
        help_text=gettext_lazy("SHA-256 as the sender gave it, 64 characters. The page shows the one it finds."),
        required=False,
        max_length=100,
    )

    def __init__(self, *args: Any, server_files: list[str], **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in server_files]
        self.fields["server_file"].choices = [("", _("None")), *names]
        if not server_files:
            del self.fields["server_file"]

    def clean_sha256(self) -> str:
        """Blanks do not count."""
        typed = "".join(str(self.cleaned_data["sha256"]).split())
        if typed and not _is_checksum(typed):
            raise forms.ValidationError(_("A checksum has 64 characters, digits and letters from a to f."))
        return typed

    def clean(self) -> dict[str, Any]:
        """One file."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        uploaded, named = cleaned.get("upload"), cleaned.get("server_file")
        if uploaded and named:
            self.add_error("server_file", _("Choose one file only: yours or one of the server."))
        elif not uploaded and not named and not self.errors:
            self.add_error("upload", _("Choose a file. If you did, it is larger than 2 GB or the sending was cut."))
        return cleaned


class ConfirmForm(EnsForm):
    """What the file is worth for people whom it does not name."""

    is_complete = forms.BooleanField(
        label=gettext_lazy("This file is complete for its departments: take out the people who are not in it"),
        required=False,
    )

    def __init__(self, *args: Any, may_be_complete: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        if not may_be_complete:
            del self.fields["is_complete"]
