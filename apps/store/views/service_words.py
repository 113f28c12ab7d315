"""The page of a service in words: state and dates, what it asks for, what was checked (STO-84)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.store import subjects
from apps.store.criteria import SECTIONS, section_of
from apps.store.forms.countries import COUNTRIES, LANGUAGES
from apps.store.models import ConsentText, Judgement, Listing, ListingEvent, Sheet
from apps.store.services.catalogue import Checked, Grid
from apps.store.states import Event, Party
from apps.store.states.public import PublicState, public_state
from apps.store.views.catalogue_lines import ICONS, price_of, rate_of
from apps.ui.components import Pair
from apps.ui.words import day

# Class of the reason of a suspension: what led to it, never who or what was found.
_CLASSES: Mapping[tuple[str, str], str | Promise] = {
    (Event.SUSPEND, Party.DESK): gettext_lazy("as a precaution, after a report or an incident"),
    (Event.SUSPEND, Party.DELEGATE): gettext_lazy("decision of the minister's delegate"),
    (Event.TIMEOUT, Party.SYSTEM): gettext_lazy("formal notice left without an answer"),
    (Event.RED_CHECK, Party.SYSTEM): gettext_lazy("a control has failed"),
    (Event.RED_CHECK, Party.DESK): gettext_lazy("a control has failed"),
}
_CERTIFIED_HOST = "CRI-URB-01"  # only services with health data have it in their grid
_UNSAID = gettext_lazy("decision of the minister's delegate")


class State(NamedTuple):
    """One line under the name, with its icon."""

    text: str
    icon: str


class Link(NamedTuple):
    """A page of the publisher."""

    label: str
    url: str


class Table(NamedTuple):
    """What is read, or added: data, purpose, retention."""

    caption: str
    rows: tuple[tuple[str, str, str], ...]


class Verdict(NamedTuple):
    """One criterion of the public grid; `day` is empty without a verdict."""

    code: str
    question: str
    said: str
    day: str


class Family(NamedTuple):
    """Criteria of one section of the referential."""

    title: str
    lines: tuple[Verdict, ...]


def is_usable(listing: Listing) -> bool:
    """Whether somebody may begin to use it now."""
    return public_state(listing.status) is PublicState.REFERENCED


def states_of(listing: Listing, suspension: ListingEvent | None) -> tuple[State, ...]:
    """Since when it is referenced, last control, and what has changed."""
    state = public_state(listing.status)
    values = {
        "published": day(listing.published_at), "controlled": day(listing.controlled_on),
        "since": day(listing.status_at), "effect": day(listing.effect_on),
        "why": reason_of(suspension),
    }  # fmt: skip
    words = {
        PublicState.REFERENCED: _("Referenced since %(published)s. Last control: %(controlled)s."),
        PublicState.SUSPENDED: _("Suspended since %(since)s. Reason: %(why)s. Nobody can begin to use it."),
        PublicState.LEAVING: _("Leaves the catalogue on %(effect)s. Look for another service before that day."),
        PublicState.WITHDRAWN: _("Withdrawn from the catalogue on %(since)s. We no longer control this service."),
        PublicState.EXPIRED: _("Agreement over since %(since)s. Nobody can begin to use this service."),
    }
    first = State(words[state] % values, ICONS[state])
    if state is PublicState.REFERENCED:
        return (first,)
    dates = _("Referenced on %(published)s. Last control: %(controlled)s.") % values
    return (first, State(dates, "calendar-line"))


def reason_of(suspension: ListingEvent | None) -> str:
    """Class of the reason."""
    key = (suspension.event, suspension.by) if suspension else ("", "")
    return str(_CLASSES.get(key, _UNSAID))


def summary_of(grid: Grid) -> str:
    """« 61 critères sur 61 applicables »."""
    words = ngettext(
        "%(met)s criterion of %(number)s that apply", "%(met)s criteria of %(number)s that apply", grid.met
    )
    return words % {"met": grid.met, "number": len(grid.lines)}


def families_of(grid: Grid) -> tuple[Family, ...]:
    """The grid in the order of the sections of a dossier."""
    found = (
        (section.label, tuple(_verdict(line) for line in grid.lines if section_of(line.criterion) is section))
        for section in SECTIONS
    )
    return tuple(Family(str(label), lines) for label, lines in found if lines)


def exchanges_of(listing: Listing) -> tuple[Table, ...]:
    """Data with purpose and retention, by direction: one query."""
    rows = list(subjects.texts_of(listing.candidacy))
    captions = {
        ConsentText.Direction.READ: pgettext("catalogue", "Read"),
        ConsentText.Direction.WRITE: pgettext("catalogue", "Add"),
    }
    tables = (
        Table(caption, tuple(_exchange(row) for row in rows if row.direction == direction))
        for direction, caption in captions.items()
    )
    return tuple(table for table in tables if table.rows)


def pairs_of(listing: Listing, sheet: Sheet | None, grid: Grid) -> tuple[Pair, ...]:
    """« En bref »; lines that say nothing are left out."""
    if sheet is None:
        return ()
    country = dict(COUNTRIES).get(sheet.hosting_country, sheet.hosting_country)
    is_certified = any(line.criterion.code == _CERTIFIED_HOST and line.is_met for line in grid.lines)
    words = _("%(country)s, certified host: %(name)s") if is_certified else _("%(country)s, host: %(name)s")
    hosting = words % {"country": country, "name": sheet.hosting_name}
    lines = (
        (_("Price"), price_of(sheet)),
        (pgettext("catalogue", "Need"), _labels(sheet.needs, Sheet.Need.choices)),
        (pgettext("catalogue", "Audience"), _labels(sheet.audiences, Sheet.Audience.choices)),
        (_("Languages"), _labels(sheet.languages, LANGUAGES)),
        (_("Platforms"), _labels(sheet.platforms, Sheet.Platform.choices)),
        (_("Accessibility"), rate_of(sheet)),
        (_("Hosting of the data"), hosting if sheet.hosting_name else str(country)),
        (_("Medical device"), " · ".join(part for part in (sheet.device_class, sheet.device_udi) if part)),
        (_("Eco-score"), sheet.eco_score),
        (_("Criteria"), _("referential %(version)s") % {"version": listing.candidacy.referential}),
        (_("Decision"), day(listing.decided_at)),
        (_("Version of this page"), _version(sheet)),
        (_("Help by mail"), sheet.support_email),
        (_("Help by phone"), sheet.support_phone),
    )
    return tuple(Pair(term=term, value=value) for term, value in lines if value)


def links_of(sheet: Sheet | None) -> tuple[Link, ...]:
    """Pages of the publisher, those alone that are on https."""
    if sheet is None:
        return ()
    links = (
        Link(_("Website of the service"), sheet.web_url),
        Link("App Store", sheet.app_store_url),
        Link("Google Play", sheet.play_store_url),
        Link(_("Accessibility statement"), sheet.accessibility_url),
        Link(_("Privacy policy of the service"), sheet.privacy_url),
        Link(_("Legal notice of the publisher"), sheet.legal_url),
    )
    return tuple(link for link in links if link.url.startswith("https://"))


def _verdict(line: Checked) -> Verdict:
    said = str(Judgement.Verdict(line.verdict).label) if line.verdict else _("not judged")
    return Verdict(line.criterion.code, line.criterion.question, said[:1].upper() + said[1:], day(line.at))


def _exchange(row: ConsentText) -> tuple[str, str, str]:
    label = str(row.get_category_display())
    return label[:1].upper() + label[1:], row.need, row.retention


def _version(sheet: Sheet) -> str:
    return _("number %(number)s, shown since %(day)s") % {"number": sheet.version, "day": day(sheet.shown_at)}


def _labels(values: list[str], choices: object) -> str:
    words = {str(code): str(label) for code, label in choices}  # type: ignore[attr-defined]  # pairs of choices
    said = ", ".join(words.get(value, value) for value in values)
    return said[:1].upper() + said[1:]
