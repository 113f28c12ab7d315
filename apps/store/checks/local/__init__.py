"""Checks that need no web: numbers, addresses by their form, lists that are here, files."""

from __future__ import annotations

from apps.store.checks.base import Check
from apps.store.checks.local.antivirus import Antivirus
from apps.store.checks.local.emails import Email
from apps.store.checks.local.evidence_dates import EvidenceDates
from apps.store.checks.local.file_type import FileType
from apps.store.checks.local.finess import Finess
from apps.store.checks.local.hds import Hds
from apps.store.checks.local.images import Images
from apps.store.checks.local.leaked_secrets import LeakedSecrets
from apps.store.checks.local.pdf import Pdf
from apps.store.checks.local.redirect_uris import RedirectUris
from apps.store.checks.local.siren import Siren
from apps.store.checks.local.store_links import StoreLinks

CHECKS_LOCAL: tuple[Check, ...] = (
    Siren(),
    Finess(),
    Email(),
    StoreLinks(),
    RedirectUris(),
    Hds(),
    EvidenceDates(),
    Antivirus(),
    FileType(),
    Pdf(),
    Images(),
    LeakedSecrets(),
)
