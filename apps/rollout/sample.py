"""A notice to a person who does not exist, to look at before thousands of them leave (RO-05)."""

from __future__ import annotations

from datetime import datetime

from apps.accounts.models import InsIdentity
from apps.notifications.writing import new_message_id
from apps.rollout.letters import Letter
from apps.rollout.mails import Mail
from apps.rollout.models import Notice
from apps.rollout.texts import BEGINS_WINDOW, Voice, Wanted
from apps.rollout.window import last_day, window_end

CODE = "K7MF-3QXT-9BRD"  # the example of the pages: its check symbol is that of no code
_WITH_CODE = (*BEGINS_WINDOW, Notice.Kind.RESENT)


def fictive_mail(*, kind: Notice.Kind, voice: Voice, address: str, at: datetime) -> Mail:
    """A mail of today."""
    return Mail(
        address=address,
        message_id=new_message_id(),
        text=_wanted(kind, voice, at, by_post=False),
        about=_camille(voice),
        code=CODE if kind in _WITH_CODE else "",
    )


def fictive_letter(*, kind: Notice.Kind, voice: Voice, reference: str, at: datetime) -> Letter:
    """A letter of today."""
    return Letter(
        text=_wanted(kind, voice, at, by_post=True),
        about=_camille(voice),
        address=["CAMILLE EXEMPLE", "12 RUE DES ESSAIS", "44000 NANTES"],
        code=CODE if kind in _WITH_CODE else "",
        reference=reference,
    )


def _wanted(kind: Notice.Kind, voice: Voice, at: datetime, *, by_post: bool) -> Wanted:
    return Wanted(kind=kind, voice=voice, by_post=by_post, until=last_day(window_end(at)), act="opposed")


def _camille(voice: Voice) -> InsIdentity:
    born_in = "2017" if voice is Voice.CHILD else "1984"
    return InsIdentity(first_given_name="CAMILLE", birth_family_name="EXEMPLE", birth_date=f"{born_in}-06-14")
