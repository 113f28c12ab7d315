"""Words of the acts about one professional (pages.md 18.5): the effect before the act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.spaces.carers import Carers
from apps.ui.components import Effect

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`title` without a name, for the history of the browser; `heading` with it; `lines` = icon and sentence."""

    title: Text
    heading: Text
    lines: tuple[tuple[str, Text], ...]
    do: Text
    dont: Text
    done: Text
    done_detail: Text
    tells_teams: bool = False

    def effects(self, carers: Carers, national_id: str) -> tuple[Effect, ...]:
        """One line for each effect; a withdrawal also names the teams that lose access."""
        said = (Effect(icon=icon, text=str(text)) for icon, text in self.lines)
        return (*said, *(_teams(carers, national_id) if self.tells_teams else ()))


def _teams(carers: Carers, national_id: str) -> Iterator[Effect]:
    theirs = {one.team for one in (*carers.with_access, *carers.teams) if one.national_id == national_id}
    for team in sorted(theirs - {""}):
        text = _("The whole care team of %(team)s loses access too: the agreement is for the team.") % {"team": team}
        yield Effect(icon="team-line", text=text)


BLOCK = Words(
    title=gettext_lazy("Block a professional"),
    heading=gettext_lazy("Block %(name)s"),
    lines=(
        (
            "eye-off-line",
            gettext_lazy("They will no longer be able to look at your record, even if you had authorised them."),
        ),
        ("upload-line", gettext_lazy("They will still be able to file documents about you.")),
        (
            "first-aid-kit-line",
            gettext_lazy(
                "In an emergency, if you cannot speak and if you accept access in an emergency, they will be able to "
                "look at it; you will be told."
            ),
        ),
        ("refresh-line", gettext_lazy("Unblocking them later does not give them your agreement again.")),
    ),
    do=gettext_lazy("Block"),
    dont=gettext_lazy("Do not block"),
    done=gettext_lazy("Professional blocked"),
    done_detail=gettext_lazy(
        "They can no longer look at your record. If they administered your space, that right has ended."
    ),
)
UNBLOCK = Words(
    title=gettext_lazy("Unblock a professional"),
    heading=gettext_lazy("Unblock %(name)s"),
    lines=(
        ("lock-unlock-line", gettext_lazy("They will be able to ask for your agreement again.")),
        ("refresh-line", gettext_lazy("The agreement from before the block does not come back.")),
    ),
    do=gettext_lazy("Unblock"),
    dont=gettext_lazy("Do not unblock"),
    done=gettext_lazy("Professional unblocked"),
    done_detail=gettext_lazy("To look at your record, they must ask for your agreement again."),
)
WITHDRAW = Words(
    title=gettext_lazy("Withdraw my agreement"),
    heading=gettext_lazy("Withdraw the agreement given to %(name)s"),
    lines=(
        ("eye-off-line", gettext_lazy("They will no longer be able to look at your record without a new agreement.")),
        ("upload-line", gettext_lazy("They will still be able to file documents about you.")),
        ("time-line", gettext_lazy("What has been read before is not erased; it stays in your history.")),
    ),
    do=gettext_lazy("Withdraw my agreement"),
    dont=gettext_lazy("Keep my agreement"),
    done=gettext_lazy("Agreement withdrawn"),
    done_detail=gettext_lazy("To look at your record, they must ask for your agreement again."),
    tells_teams=True,
)
_GIVES = (
    ("eye-line", gettext_lazy("They will see the documents that you hid from professionals.")),
    ("lock-line", gettext_lazy("They will be able to block another professional.")),
    ("time-line", gettext_lazy("They will be able to see who looked at your record.")),
    ("user-line", gettext_lazy("They still need your agreement to look at your record.")),
    ("refresh-line", gettext_lazy("You can take this right back at any time.")),
)
NAME = Words(
    title=gettext_lazy("Name an administrator"),
    heading=gettext_lazy("Name %(name)s administrator of my space"),
    lines=_GIVES,
    do=gettext_lazy("Name administrator"),
    dont=gettext_lazy("Do not name"),
    done=gettext_lazy("Administrator named"),
    done_detail=gettext_lazy("They see your hidden documents, when they have your agreement to look at your record."),
)
TREATING = Words(
    title=gettext_lazy("Name my treating doctor"),
    heading=gettext_lazy("Name %(name)s as my treating doctor"),
    lines=_GIVES,
    do=gettext_lazy("Name my treating doctor"),
    dont=gettext_lazy("Do not name"),
    done=gettext_lazy("Treating doctor named"),
    done_detail=gettext_lazy("This does not replace the declaration to your health insurance."),
)
END = Words(
    title=gettext_lazy("Remove an administrator"),
    heading=gettext_lazy("%(name)s will no longer be administrator of my space"),
    lines=(
        ("eye-off-line", gettext_lazy("They will no longer see the documents that you hid.")),
        ("user-line", gettext_lazy("If they have your agreement, they can still look at the other documents.")),
    ),
    do=gettext_lazy("Remove this right"),
    dont=gettext_lazy("Keep this right"),
    done=gettext_lazy("Administrator removed"),
    done_detail=gettext_lazy("They no longer see the documents that you hid."),
)
