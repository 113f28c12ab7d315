"""What happened in one wave, each kind of fact once (ROL-22)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.rollout.figures import sums
from apps.rollout.figures.counting import Day
from apps.rollout.models import Channel
from apps.ui.components import Pair
from apps.ui.words import number

_OPPOSED = {f"opposed-{channel.value}": channel.label for channel in Channel}


def happened(days: Sequence[Day]) -> tuple[Pair, ...]:
    """Notices by way and those that came back, oppositions by way, spaces opened, activated, closed.

    Every opposition counts, also one that was withdrawn later; an opened space counts, also one that was closed.
    """
    kinds = [
        (_("Notices by e-mail"), ["sent-mail"]),
        (_("Notices by post"), ["sent-post"]),
        (_("Notices that came back"), ["returned"]),
        (_("Oppositions"), list(_OPPOSED)),
        (_("Oppositions withdrawn"), ["withdrawn"]),
        (_("Spaces opened"), ["opened"]),
        (_("Spaces activated"), ["activated"]),
        (_("Spaces closed"), ["closed"]),
    ]
    return tuple(
        Pair(term=term, value=number(sums.of_names(days, names)), note=_ways(days) if len(names) > 1 else "")
        for term, names in kinds
    )


def _ways(days: Sequence[Day]) -> str:
    """« en ligne avec le code : 3, par téléphone : 1 », the ways that were used."""
    words = _("%(way)s: %(count)s")
    counted = [(label, sums.of_names(days, [name])) for name, label in _OPPOSED.items()]
    return ", ".join(words % {"way": label, "count": number(many)} for label, many in counted if many)
