"""The public page to be, as the back office reads it (STO-84)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.store.models import Sheet
from apps.ui.components import Pair


def pairs(sheet: Sheet | None) -> tuple[Pair, ...]:
    """What is filled in, line by line; nothing without a page."""
    if sheet is None:
        return ()
    lines = [
        (_("Tagline"), sheet.tagline),
        (_("Description"), sheet.description),
        (_("Needs"), _labels(sheet.needs, Sheet.Need)),
        (_("Audience"), _labels(sheet.audiences, Sheet.Audience)),
        (_("Languages"), ", ".join(sheet.languages)),
        (_("Platforms"), _labels(sheet.platforms, Sheet.Platform)),
        (_("Price"), " · ".join(part for part in (_label(sheet.price, Sheet.Price), sheet.price_detail) if part)),
        (_("Links"), " ".join(link for link in _links(sheet) if link)),
        (_("Hosting"), ", ".join(part for part in (sheet.hosting_name, sheet.hosting_country) if part)),
        (_("Support"), " · ".join(part for part in (sheet.support_email, sheet.support_phone) if part)),
        (_("Medical device"), " · ".join(part for part in (sheet.device_class, sheet.device_udi) if part)),
    ]
    return tuple(Pair(term=term, value=value) for term, value in lines if value)


def _links(sheet: Sheet) -> tuple[str, ...]:
    return (
        sheet.web_url, sheet.app_store_url, sheet.play_store_url, sheet.privacy_url, sheet.legal_url,
        sheet.accessibility_url,
    )  # fmt: skip


def _labels(values: list[str], choices: type[Sheet.Need] | type[Sheet.Audience] | type[Sheet.Platform]) -> str:
    return ", ".join(str(choices(value).label) for value in values if value in choices.values)


def _label(value: str, choices: type[Sheet.Price]) -> str:
    return str(choices(value).label) if value in choices.values else value
