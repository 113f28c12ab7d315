"""One text of information before consent, with what the law wants beside it (STO-04)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from apps.store.forms.values import text_area
from apps.store.services.consenting import CONTENTS
from apps.ui.forms import EnsForm

_TEXT, _LONG, _RETENTION = 2000, 2000, 300


class ConsentTextForm(EnsForm):
    """`seen`: version of the text that was shown, 0 for none. Each part is asked for by law."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    need = forms.CharField(
        label=gettext_lazy("Why the service needs these data"),
        help_text=gettext_lazy("With regard to its purpose: prevention, diagnosis, care, follow-up."),
        max_length=_LONG,
        widget=text_area(),
        error_messages={"required": gettext_lazy("Say why the service needs these data.")},
    )
    access = forms.CharField(
        label=gettext_lazy("Who has access to them, and how"),
        max_length=_LONG,
        widget=text_area(),
        error_messages={"required": gettext_lazy("Say who has access to these data, and how.")},
    )
    retention = forms.CharField(
        label=gettext_lazy("How long they are kept"),
        max_length=_RETENTION,
        error_messages={"required": gettext_lazy("Say how long these data are kept.")},
    )
    security = forms.CharField(
        label=gettext_lazy("How they are protected"),
        max_length=_LONG,
        widget=text_area(),
        error_messages={"required": gettext_lazy("Say how these data are protected.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text that the holder reads before consenting"),
        help_text=gettext_lazy("Shown word for word: plain French, 2,000 characters at most."),
        max_length=_TEXT,
        widget=text_area(8),
        error_messages={"required": gettext_lazy("Write the text that the holder will read.")},
    )

    def contents(self) -> dict[str, str]:
        """What was typed; only after `is_valid`. Browsers send the ends of lines of another time."""
        return {name: "\n".join(self.cleaned_data[name].split("\r\n")) for name in CONTENTS}

    def version(self) -> int:
        """Of the text that was shown."""
        return self.cleaned_data["seen"] or 0
