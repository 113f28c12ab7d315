"""Names of the automatic checks, for pages and lists."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: Mapping[str, str | Promise] = {
    "tls": _("Encryption of the connection (TLS)"),
    "https_redirect": _("Redirection to HTTPS and HSTS"),
    "headers": _("Security headers"),
    "security_txt": _("File security.txt"),
    "trackers": _("Trackers before consent"),
    "legal_links": _("Legal pages"),
    "accessibility": _("Accessibility statement"),
    "axe": _("Accessibility measured on the page"),
    "fhir": _("FHIR capability statement"),
    "openid": _("OpenID Connect configuration"),
    "redirect_uris": _("Redirect addresses"),
    "hds": _("Certificate of the host of health data"),
    "images": _("Logo and screenshots"),
    "pdf": _("PDF file"),
    "antivirus": _("Antivirus"),
    "file_type": _("Type of the file"),
    "siren": _("SIREN and SIRET numbers"),
    "finess": _("FINESS number"),
    "email": _("E-mail addresses"),
    "store_links": _("Links to application stores"),
    "evidence_dates": _("Dates of the pieces of evidence"),
    "ownership": _("Ownership of the domain"),
    "secrets": _("Secrets left in a file"),
}


def label_of(kind: str) -> str:
    """Name of a check; its code for one of a former version."""
    return str(LABELS.get(kind, kind))
