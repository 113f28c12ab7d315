"""The automatic checks that ask the web (STO-89 to STO-97, STO-109)."""

from __future__ import annotations

from collections.abc import Mapping

from apps.store.checks.base import Check
from apps.store.checks.web.accessibility import AccessibilityCheck
from apps.store.checks.web.axe import AxeCheck
from apps.store.checks.web.fhir import FhirCheck
from apps.store.checks.web.headers import HeadersCheck
from apps.store.checks.web.https_redirect import HttpsRedirectCheck
from apps.store.checks.web.legal_links import LegalLinksCheck
from apps.store.checks.web.openid import OpenidCheck
from apps.store.checks.web.ownership import OwnershipCheck
from apps.store.checks.web.security_txt import SecurityTxtCheck
from apps.store.checks.web.tls import TlsCheck
from apps.store.checks.web.trackers import TrackersCheck

_ALL: tuple[Check, ...] = (
    TlsCheck(), HttpsRedirectCheck(), HeadersCheck(), SecurityTxtCheck(), TrackersCheck(), LegalLinksCheck(),
    AccessibilityCheck(), AxeCheck(), FhirCheck(), OpenidCheck(), OwnershipCheck(),
)  # fmt: skip
CHECKS_WEB: Mapping[str, Check] = {check.code: check for check in _ALL}
