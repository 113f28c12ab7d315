"""The certificate of help in words and as an answer (SPA-54)."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from apps.spaces import delegate_words as words
from apps.spaces.models import Delegation
from apps.spaces.services.certificates import Certificate, certificate_pdf
from apps.spaces.services.delegations import last_day
from apps.ui.words import day

LANGUAGE = "fr"


def certificate_response(row: Delegation, *, at: datetime) -> HttpResponse:
    """To be kept, not shown: its name says nothing of anybody."""
    with override(LANGUAGE):
        data = certificate_pdf(_words(row, at))
    headers = {"Content-Disposition": 'attachment; filename="attestation-aidant.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _words(row: Delegation, at: datetime) -> Certificate:
    holder, helper = row.space.identity.display_name, row.person.display_name
    return Certificate(
        title=_("Certificate of help"),
        author=pgettext("product name", "Health space"),
        intro=_("%(holder)s has chosen %(helper)s as a person who helps with the health space.")
        % {"holder": holder, "helper": helper},
        facts=[
            (_("Holder of the space"), holder),
            (_("Person who helps"), helper),
            (_("First day"), day(row.starts_at)),
            (_("Last day"), day(last_day(row))),
            (_("Is allowed to"), " ; ".join(words.allowed_words(row.sections))),
        ],
        never_title=_("This person may never"),
        never=words.never_words_about_another(),
        outro=[
            _("Either of them may end this help at any time: this certificate proves nothing after that."),
            _("Drawn up on %(day)s. Reference: %(reference)s.") % {"day": day(at), "reference": row.id},
        ],
    )
