"""Who may see a document, in words that are true to the rules (ACC-12, ACC-20, ACC-31, ACC-37)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.access import Role
from apps.dmp.models import Document
from apps.spaces.administrators import Administrator, Disclosure
from apps.spaces.entry import SpaceView
from apps.ui.components import Effect


def who_may_see(document: Document, disclosure: Disclosure, space: SpaceView) -> tuple[str, ...]:
    """One line for each person or group, the reader first."""
    return (*_holder_side(document, disclosure, space), *_professionals(document, disclosure, is_own=space.is_own))


def hiding_effects(disclosure: Disclosure, *, is_own: bool) -> tuple[Effect, ...]:
    """What hiding does, in the words of D-06."""
    names = ", ".join(administrator.name for administrator in disclosure.administrators) or _("none")
    return (
        Effect(
            icon="eye-off-line", text=_("Health professionals will no longer see it and will not know that it exists.")
        ),
        Effect(icon="user-line", text=_still_seen(is_own=is_own) % {"names": names}),
        Effect(icon="first-aid-kit-line", text=_in_emergency(disclosure, is_own=is_own)),
        Effect(
            icon="account-circle-line",
            text=_("You will always see it. Your connected services no longer receive it.")
            if is_own
            else _("You will always see it. The connected services of the space no longer receive it."),
        ),
    )


def _holder_side(document: Document, disclosure: Disclosure, space: SpaceView) -> Iterator[str]:
    helpers_see = not document.kept_from_representatives
    match space.capacity:
        case Role.HOLDER:
            yield _("You")
            if helpers_see and disclosure.has_representatives:
                yield _("Your legal representatives")
            if helpers_see and disclosure.has_delegates:
                yield _("The relatives to whom you gave access")
        case Role.REPRESENTATIVE:
            yield _("You and the other legal representatives of %(name)s, if any") % {"name": space.short_name}
        case _:
            yield _("You, who help %(name)s") % {"name": space.short_name}
            yield _("%(name)s, the holder of the space") % {"name": space.short_name}


def _professionals(document: Document, disclosure: Disclosure, *, is_own: bool) -> Iterator[str]:
    yield _("The one who filed it")
    yield from (_administrator(one) for one in disclosure.administrators)
    if not document.is_hidden:
        yield (
            _("Your carers, according to their profession and with your agreement")
            if is_own
            else _("Carers, according to their profession and with the agreement given in this space")
        )
        return
    yield _("No other professional")
    yield _in_emergency(disclosure, is_own=is_own)


def _administrator(administrator: Administrator) -> str:
    words = (
        _("%(name)s, treating doctor") if administrator.is_declared_gp else _("%(name)s, administrator of the space")
    )
    return words % {"name": administrator.name}


def _still_seen(*, is_own: bool) -> str:
    if is_own:
        return _(
            "Will still see it: the one who filed it, your treating doctor and the professionals whom you named "
            "administrators (%(names)s)."
        )
    return _(
        "Will still see it: the one who filed it, the treating doctor and the professionals named administrators "
        "(%(names)s)."
    )


def _in_emergency(disclosure: Disclosure, *, is_own: bool) -> str:
    match (disclosure.shows_hidden_in_emergency, is_own):
        case (True, True):
            return _("In an emergency: it will be visible, according to your setting.")
        case (True, False):
            return _("In an emergency: it will be visible, according to the setting of the space.")
        case (False, True):
            return _("In an emergency: it stays hidden, according to your setting.")
        case _:
            return _("In an emergency: it stays hidden, according to the setting of the space.")
