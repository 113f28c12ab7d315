"""Names of what the automatic checks measure, for pages of the back office."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

MEASURED: Mapping[str, str | Promise] = {
    "activities": pgettext_lazy("measured", "Certified activities"),
    "all": pgettext_lazy("measured", "Points to look at"),
    "bytes": pgettext_lazy("measured", "Size in bytes"),
    "by": pgettext_lazy("measured", "Proved by"),
    "characters": pgettext_lazy("measured", "Characters of text"),
    "contacts": pgettext_lazy("measured", "Contacts"),
    "content": pgettext_lazy("measured", "Type found in the file"),
    "cookies": pgettext_lazy("measured", "Cookies"),
    "dated": pgettext_lazy("measured", "Date of the statement"),
    "days_left": pgettext_lazy("measured", "Days left"),
    "domain": pgettext_lazy("measured", "Domain"),
    "ending": pgettext_lazy("measured", "Ending of the name"),
    "endpoints": pgettext_lazy("measured", "Addresses without encryption"),
    "ends_on": pgettext_lazy("measured", "Valid until"),
    "frames": pgettext_lazy("measured", "Frames"),
    "french": pgettext_lazy("measured", "Share of French words"),
    "height": pgettext_lazy("measured", "Height in pixels"),
    "host": pgettext_lazy("measured", "Host name"),
    "hosts": pgettext_lazy("measured", "Host names"),
    "id": pgettext_lazy("measured", "Number in the store"),
    "issued_on": pgettext_lazy("measured", "Date of the document"),
    "issuer": pgettext_lazy("measured", "Issuer of the certificate"),
    "keys": pgettext_lazy("measured", "Keys"),
    "kinds": pgettext_lazy("measured", "Kinds of secrets"),
    "letters": pgettext_lazy("measured", "Letters of text"),
    "line": pgettext_lazy("measured", "Line"),
    "list": pgettext_lazy("measured", "Version of the list"),
    "max_age": pgettext_lazy("measured", "Duration of HSTS in seconds"),
    "media_type": pgettext_lazy("measured", "Type that was sent"),
    "missing": pgettext_lazy("measured", "Missing"),
    "nodes": pgettext_lazy("measured", "Elements of the page"),
    "old_versions": pgettext_lazy("measured", "Old versions accepted"),
    "page": pgettext_lazy("measured", "Page"),
    "pages": pgettext_lazy("measured", "Pages"),
    "rate": pgettext_lazy("measured", "Rate in percent"),
    "resources": pgettext_lazy("measured", "Resources offered"),
    "rules": pgettext_lazy("measured", "Rules not kept"),
    "seen": pgettext_lazy("measured", "What was seen"),
    "state": pgettext_lazy("measured", "State that is declared"),
    "status": pgettext_lazy("measured", "HTTP status"),
    "store": pgettext_lazy("measured", "Store"),
    "third_parties": pgettext_lazy("measured", "Third parties"),
    "version": pgettext_lazy("measured", "Version"),
    "width": pgettext_lazy("measured", "Width in pixels"),
}


def measured_label(name: str) -> str:
    """Name of a value; its code for one of a former version."""
    return str(MEASURED.get(name, name))
