"""M-03, M-06: a text, its subject, its files (MSS-31)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.formats import media
from apps.formats.mail.names import clean_line, clean_text
from apps.mss.services.attachable import ENDINGS, TEXT_AT_MOST
from apps.mss.services.drafting import SUBJECT_AT_MOST
from apps.ui.forms import EnsForm

ONE, ALL = "un", "tous"
END = "[FIN]"
# Pictures by their types: a phone offers its camera, and makes a JPEG of what it takes in a format of its own.
ACCEPTED = ",".join([*(f".{ending}" for ending in ENDINGS), media.JPEG, media.PNG, media.TIFF])
# A tag of HTML, not « < 3 » or an address between brackets.
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|<!--|<!doctype", re.IGNORECASE)


class FilesInput(forms.FileInput):
    """Several files at once, as photos of the pages of one document."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files of the device; what they are is looked at by their content, where they are kept."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:  # noqa: ANN401  one file in Django's own
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class LetterForm(EnsForm):
    """What somebody writes. A draft needs nothing; what a message needs is asked for once everything is kept."""

    mark_optional = False

    to = forms.ChoiceField(
        label=gettext_lazy("Who gets your answer"), widget=forms.RadioSelect, initial=ONE, required=False
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("In a few words, such as « Renewal of my prescription »."),
        required=False,
        max_length=SUBJECT_AT_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        help_text=gettext_lazy(
            "Text only. It stays in this space, and the professional may keep it in their own record."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    files = FilesField(
        label=gettext_lazy("Add files or photos"),
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own signature
        recipients: tuple[str | Promise, str | Promise] | None = None,
        has_subject: bool = False,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        if recipients is None:
            del self.fields["to"]
        else:
            self.fields["to"].choices = [(ONE, recipients[0]), (ALL, recipients[1])]
        if not has_subject:
            del self.fields["subject"]

    def say_limit(self, words: str) -> None:
        """What may be added and how much still fits: the bound field has taken the help of its field over already."""
        self.fields["files"].help_text = self["files"].help_text = words

    def clean_subject(self) -> str:
        """One line of text; `[FIN]` is what ends an exchange (MSS-23)."""
        subject = clean_line(str(self.cleaned_data["subject"]))
        if subject == END or _TAG.search(subject):
            raise forms.ValidationError(_("Write the subject in plain words, without tags."))
        return subject

    def clean_text(self) -> str:
        """Text alone, as long as a message may be."""
        text = clean_text(str(self.cleaned_data["text"]))
        if len(text) > TEXT_AT_MOST:
            words = _("Your message has %(count)s characters, %(most)s at most. Shorten it, or add it as a file.")
            raise forms.ValidationError(words % {"count": len(text), "most": TEXT_AT_MOST})
        if _TAG.search(text):
            words = _("Your message holds tags such as <b> or <a>. Write text only: take them out.")
            raise forms.ValidationError(words)
        return text

    def ask_for_what_is_missing(self) -> None:
        """A message needs a text, a new conversation a subject (MSS-31)."""
        if "subject" in self.fields and not self.cleaned_data.get("subject"):
            self.add_error("subject", _("Write a subject."))
        if not str(self.cleaned_data.get("text", "")).strip():
            self.add_error("text", _("Write your message."))

    def clean(self) -> dict[str, Any]:
        """Files are chosen again when the text is not right: browsers do not send them twice."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("files") and self.errors:
            self.add_error("files", _("The files were not added: choose them again once the text is right."))
        return cleaned

    @property
    def to_all(self) -> bool:
        """Only after `is_valid`."""
        return bool(self.cleaned_data.get("to") == ALL)
