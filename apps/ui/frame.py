"""What the frame of a page (header, menu, band, footer) shows: plain values, made once per request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Theme(StrEnum):
    """Choice of the reader, kept in the cookie `THEME_COOKIE`; SYSTEM follows the device."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"

    @classmethod
    def of(cls, value: str | None) -> Theme:
        """Theme of a cookie or form value; anything unknown follows the device."""
        return cls(value) if value in {item.value for item in cls} else cls.SYSTEM


THEME_COOKIE = "ens-theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """`current` is the value of `aria-current`: "page", "true" (a page below this entry) or "" for elsewhere."""

    label: str
    url: str
    icon: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMenu:
    name: str
    entries: tuple[MenuEntry, ...]
    sign_out_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """Notices of the reader that are unread here; `label` says the number in words (« 3 notifications non lues »)."""

    count: int
    label: str
    url: str
    current: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceBand:
    """Shown in a space that is not one's own: "Vous êtes dans l'espace de Léa M."."""

    short_name: str
    back_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A strip under the header that stays until the matter is over: a stop that runs."""

    text: str
    link: MenuEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is the same on all pages of a deployment."""

    demo: bool
    state_branding: bool
    phone: str
    accessibility_state: str

    @property
    def phone_shown(self) -> str:
        """The number with no-break spaces."""
        return self.phone.replace(" ", "\u00a0")

    @property
    def phone_uri(self) -> str:
        """RFC 3966 address of a French number written with its leading 0."""
        return "tel:+33" + self.phone.replace(" ", "").removeprefix("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    site: Site
    theme: Theme
    home_url: str
    menu: tuple[MenuEntry, ...] = ()
    tools: tuple[MenuEntry, ...] = ()
    footer: tuple[MenuEntry, ...] = ()
    account: AccountMenu | None = None
    bell: Bell | None = None
    band: SpaceBand | None = None
    area: str = ""  # part of the portal beside its name: « Déploiement »
    strips: tuple[Strip, ...] = ()
    session_end: datetime | None = None
    ended_access_at: datetime | None = None  # end of a right that the reader had in the space of this address (S41)

    @property
    def data_theme(self) -> str:
        """Value of `data-fr-theme`, empty while only the device knows."""
        return "" if self.theme is Theme.SYSTEM else self.theme.value
