"""Why a check that asks the web does not simply pass; the words stand in `checks.words_web`. What kept us from an
answer has the codes of `gateways.web.base.Reason`, which words stand for as well.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Codes of findings; those of the first block are used by several checks."""

    SERVER_ERROR = "server-error"
    PAGE_CLOSED = "page-closed"
    PAGE_NOT_FOUND = "page-not-found"
    TOO_LARGE = "too-large"
    NO_BROWSER = "no-browser"
    DECODER_LOST = "decoder-lost"

    TLS_OLD = "tls-old"
    TLS_ENDS_SOON = "tls-ends-soon"

    HTTP_SERVES = "http-serves"
    HTTP_CLOSED = "http-closed"
    HTTP_NO_REDIRECT = "http-no-redirect"
    HTTP_TEMPORARY = "http-temporary"
    HSTS_ABSENT = "hsts-absent"
    HSTS_SHORT = "hsts-short"

    HEADERS_MISSING = "headers-missing"

    SECURITY_TXT_ABSENT = "security-txt-absent"
    SECURITY_TXT_UNREADABLE = "security-txt-unreadable"
    SECURITY_TXT_EXPIRED = "security-txt-expired"
    SECURITY_TXT_CONTACT = "security-txt-contact"
    SECURITY_TXT_INCOMPLETE = "security-txt-incomplete"
    SECURITY_TXT_TYPE = "security-txt-type"

    TRACKERS_BLOCKED = "trackers-blocked"
    TRACKERS_UNKNOWN = "trackers-unknown"

    LEGAL_ABSENT = "legal-absent"
    LEGAL_EMPTY = "legal-empty"
    LEGAL_HOME = "legal-home"
    LEGAL_TYPE = "legal-type"
    LEGAL_LOCKED = "legal-locked"
    LEGAL_SCRIPT = "legal-script"
    LEGAL_LANGUAGE = "legal-language"
    LEGAL_SHORT = "legal-short"

    ACCESSIBILITY_ABSENT = "accessibility-absent"
    ACCESSIBILITY_NOT_CONFORM = "accessibility-not-conform"
    ACCESSIBILITY_UNREAD = "accessibility-unread"
    ACCESSIBILITY_UNCLEAR = "accessibility-unclear"
    ACCESSIBILITY_PARTIAL = "accessibility-partial"
    ACCESSIBILITY_UNDATED = "accessibility-undated"
    ACCESSIBILITY_OLD = "accessibility-old"
    ACCESSIBILITY_DIFFERS = "accessibility-differs"
    AXE_VIOLATIONS = "axe-violations"

    FHIR_ABSENT = "fhir-absent"
    FHIR_NOT_FHIR = "fhir-not-fhir"
    FHIR_VERSION = "fhir-version"
    FHIR_XML = "fhir-xml"
    FHIR_INVALID = "fhir-invalid"
    FHIR_RESOURCES = "fhir-resources"
    FHIR_INTERACTIONS = "fhir-interactions"

    OPENID_ABSENT = "openid-absent"
    OPENID_UNREADABLE = "openid-unreadable"
    OPENID_ISSUER = "openid-issuer"
    OPENID_CLEAR = "openid-clear"
    OPENID_PRIVATE_KEY = "openid-private-key"
    OPENID_KEYS = "openid-keys"
    OPENID_IMPLICIT = "openid-implicit"
    OPENID_MISSING = "openid-missing"

    NO_TOKEN = "no-token"  # noqa: S105  a code
    OWNERSHIP_ABSENT = "ownership-absent"
    OWNERSHIP_ELSEWHERE = "ownership-elsewhere"
    OWNERSHIP_MANY = "ownership-many"
