"""What a finding means and how to cure it, in words for a publisher (store.md 7: results are shown with the fix)."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.store.checks.words_local import AGAIN, WORDS_LOCAL
from apps.store.checks.words_web import WORDS_WEB


class Words(NamedTuple):
    """Two texts: what was found, what to do about it (empty where there is nothing to do)."""

    found: str | Promise
    cure: str | Promise


# What the engine itself says of a step (`jobs.advancing`, `jobs.planning`).
WORDS_ENGINE: dict[str, tuple[str | Promise, str | Promise]] = {
    "died": (_("Our machine stopped several times in this check."), _("Nothing to do: an operator looks at it.")),
    "store-away": (_("The file could not be fetched from our store."), AGAIN),
    "unknown-check": (_("This check no longer exists."), ""),
    "newer-round": (_("A newer round of checks took the place of this one."), ""),
}
_PASSED = Words(_("Nothing to correct."), "")
_UNKNOWN = Words(
    _("The check gave a result that has no explanation here."),
    _("Start the check again; if the result stays, write to the help for publishers."),
)


def words_of(reason: str) -> Words:
    """Words of a reason; those of a plain pass for an empty one, and never nothing for a code of a former version."""
    if not reason:
        return _PASSED
    pair = WORDS_LOCAL.get(reason) or WORDS_WEB.get(reason) or WORDS_ENGINE.get(reason)
    return Words(*pair) if pair else _UNKNOWN
