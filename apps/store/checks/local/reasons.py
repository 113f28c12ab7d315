"""Why a check that needs no web does not simply pass; the words stand in `checks.words_local`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Codes of findings; none is used by two checks, but those of files that cannot be looked at."""

    FILE_WAITING = "file-waiting"
    FILE_BLOCKED = "file-blocked"
    FILE_GONE = "file-gone"
    FILE_AWAY = "file-away"
    DECODER_LOST = "decoder-lost"

    REDIRECT_MALFORMED = "redirect-malformed"
    REDIRECT_WILDCARD = "redirect-wildcard"
    REDIRECT_FRAGMENT = "redirect-fragment"
    REDIRECT_NOT_HTTPS = "redirect-not-https"
    REDIRECT_USERINFO = "redirect-userinfo"
    REDIRECT_ADDRESS = "redirect-address"
    REDIRECT_LOCALHOST = "redirect-localhost"
    REDIRECT_OTHER_DOMAIN = "redirect-other-domain"
    REDIRECT_CUSTOM_SCHEME = "redirect-custom-scheme"

    HDS_LIST_AWAY = "hds-list-away"
    HDS_ABSENT = "hds-absent"
    HDS_ENDED = "hds-ended"
    HDS_ENDS_SOON = "hds-ends-soon"
    HDS_ACTIVITIES = "hds-activities"
    HDS_NO_ACTIVITY = "hds-no-activity"
    HDS_OTHER_HOST = "hds-other-host"
    HDS_OTHER_END = "hds-other-end"

    IMAGE_KIND = "image-kind"
    IMAGE_DAMAGED = "image-damaged"
    IMAGE_ANIMATED = "image-animated"
    IMAGE_TOO_HEAVY = "image-too-heavy"
    IMAGE_TOO_LARGE = "image-too-large"
    IMAGE_TOO_COMPLEX = "image-too-complex"
    IMAGE_RATIO = "image-ratio"
    IMAGE_TOO_SMALL = "image-too-small"
    IMAGE_COLOURS = "image-colours"
    IMAGE_PLACE = "image-place"

    PDF_DAMAGED = "pdf-damaged"
    PDF_ENCRYPTED = "pdf-encrypted"
    PDF_SCRIPT = "pdf-script"
    PDF_EMBEDDED = "pdf-embedded"
    PDF_ACTIVE = "pdf-active"
    PDF_TOO_MANY_PAGES = "pdf-too-many-pages"
    PDF_TOO_HEAVY = "pdf-too-heavy"
    PDF_TOO_COMPLEX = "pdf-too-complex"
    PDF_NO_TEXT = "pdf-no-text"

    VIRUS_FOUND = "virus-found"
    VIRUS_WAITING = "virus-waiting"

    TYPE_NOT_ALLOWED = "type-not-allowed"
    TYPE_MISMATCH = "type-mismatch"
    TYPE_MACROS = "type-macros"

    SIREN_NUMBER = "siren-number"
    SIREN_NOT_LISTED = "siren-not-listed"
    SIREN_NO_LONGER_LISTED = "siren-no-longer-listed"
    SIREN_OTHER_COMPANY = "siren-other-company"
    SIREN_OTHER_PUBLISHER = "siren-other-publisher"

    FINESS_NUMBER = "finess-number"
    FINESS_NOT_LISTED = "finess-not-listed"
    FINESS_NO_LONGER_LISTED = "finess-no-longer-listed"
    FINESS_OTHER_COMPANY = "finess-other-company"

    EMAIL_MALFORMED = "email-malformed"
    EMAIL_DISPOSABLE = "email-disposable"
    EMAIL_NOT_CONFIRMED = "email-not-confirmed"

    STORE_LINK = "store-link"
    STORE_LINK_OTHER = "store-link-other"

    EVIDENCE_ENDED = "evidence-ended"
    EVIDENCE_ENDS_SOON = "evidence-ends-soon"
    EVIDENCE_AUDIT_OLD = "evidence-audit-old"
    EVIDENCE_NO_DATE = "evidence-no-date"
    EVIDENCE_IN_FUTURE = "evidence-in-future"

    SECRET_FOUND = "secret-found"  # noqa: S105  a code
    SECRETS_NOT_READ = "secrets-not-read"
