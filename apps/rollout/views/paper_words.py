"""Words of the form for the post (O-10)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.rollout.services.paper_form import PaperForm


def paper_words() -> PaperForm:
    """In the language that is active."""
    return PaperForm(
        title=_("I oppose the opening of a health space"),
        author=pgettext("product name", "Health space"),
        intro=_("You do not have to say why. The day on which we receive this form counts."),
        address_title=_("Send it to"),
        address="\n".join(settings.OPPOSITION_POSTAL_ADDRESS),
        boxes_title=_("I do this"),
        boxes=[
            _("for myself"),
            _("for my minor child, over whom I hold parental authority"),
            _("for an adult whom I represent by a decision of a court"),
        ],
        fields_title=_("Person for whom no space is to be opened"),
        fields=[
            _("Birth name"), _("First names"), _("Date of birth"), _("Postcode and town"),
            _("Code of the letter, if I have it"), _("Where the receipt is to go"),
            _("My name, if I act for somebody else"), _("Date and signature"),
        ],
        proof_title=_("What to put into the envelope"),
        proof=[
            _("A copy of an identity paper of whoever signs. It is destroyed once it has been checked."),
            _("For an adult whom you represent: a copy of the decision of the court."),
        ],
    )  # fmt: skip
