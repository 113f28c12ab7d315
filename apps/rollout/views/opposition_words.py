"""Words of the pages of opposition and of receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.rollout.models import EligiblePerson
from apps.rollout.services.receipts import Printed, Receipt
from apps.rollout.services.situations import Kind, Situation
from apps.ui.words import day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWords:
    """All that is shown of the person of a code (SEC-06): `Marguerite D.`, born in 1958, with the right ending."""

    name: str
    year: str
    is_woman: bool

    @property
    def born(self) -> str:
        words = pgettext("a woman", "born in %(year)s") if self.is_woman else pgettext("a man", "born in %(year)s")
        return words % {"year": self.year}


def person_words(person: EligiblePerson) -> PersonWords:
    identity = person.identity
    return PersonWords(name=identity.short_name, year=identity.birth_date[:4], is_woman=identity.sex == "F")


def waiting_words(situation: Situation, *, at: datetime) -> str:
    """What comes of it when nobody decides (O-04)."""
    end = situation.opening_at
    if situation.has_space:
        return _("If you do not decide, the space stays open.")
    if situation.kind is Kind.ASKED:
        return _("If you do not decide, the space is opened within 24 hours.")
    if end is None:
        return _("Without an answer of yours, the space opens six weeks after the letter was sent.")
    if end <= at:
        return _("The six weeks are over. If you do not decide, the space may open at any moment.")
    return _("Without an answer of yours, the space opens on %(day)s.") % {"day": day(end)}


def act_title(act: str) -> str:
    """What was recorded, as a title."""
    return {
        "opposed": _("Opposition recorded"),
        "confirmed": _("Opposition confirmed"),
        "withdrawn": _("Opposition withdrawn"),
        "opening-asked": _("Opening asked for"),
        "closed": _("Space closed"),
        "waited": _("Nothing was recorded"),
    }[act]


def effect_of(receipt: Receipt) -> str:
    """What the act changes, without a word about health."""
    if receipt.keeps_dmp:
        return _("The space is not opened. The older record stays until the opposition is confirmed.")
    if receipt.closed_space:
        return _("The space that was open is closed. Nobody has access to it any more.")
    return {
        "opposed": _("The space is not opened."),
        "confirmed": _("The space is not opened. The older record is closed."),
        "withdrawn": _("The space is opened within 24 hours."),
        "closed": _("Nobody has access to the space any more."),
    }[receipt.act]


def printed(receipt: Receipt, person: PersonWords, *, phone: str) -> Printed:
    """The receipt as a PDF says it."""
    undo = {
        "opposed": _("You may change your mind at any time, with the code of your letter or by phone."),
        "confirmed": _("You may change your mind at any time, by phone."),
        "withdrawn": _("You may close the space at any time."),
        "closed": _("You may have the space opened again at any time, by phone."),
    }[receipt.act]
    return Printed(
        title=_("Receipt: %(act)s") % {"act": _lower(act_title(receipt.act))},
        author=pgettext("product name", "Health space"),
        intro=_("This receipt proves what was recorded. Keep it."),
        facts=[
            (_("For"), f"{person.name}, {person.born}"),
            (_("Number"), receipt.reference),
            (_("Verification code"), receipt.proof),
            (_("Date and hour"), paris(receipt.at)),
            (_("Effect"), effect_of(receipt)),
        ],
        next_title=_("And now?"),
        next=[
            _("You have nothing else to do. If a space was opened all the same, call us with this number: %(phone)s.")
            % {"phone": phone}
            if receipt.act in {"opposed", "confirmed"}
            else _("You have nothing else to do."),
            undo,
            _("Anybody to whom you show this receipt may check it on the portal, page « Check a receipt »."),
        ],
    )


def paris(at: datetime) -> str:
    """ "le 25 novembre 2026 à 13 h 00 (heure de Paris)"."""
    return _("%(moment)s (Paris time)") % {"moment": moment(at)}


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
