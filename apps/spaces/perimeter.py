"""Services of a space: those its wave opened it with (decisions.md 38). The one place that says which page is whose.

Menus, home, settings and addresses ask here; outside the perimeter a page does not exist.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.access import Section


class Service(models.TextChoices):
    """Values of `HealthSpace.services` and of the perimeter of a wave."""

    DOCUMENTS = "dmp", _("documents")
    MAILBOX = "mss", _("secure mailbox")
    STORE = "store", _("catalogue of services")
    AGENDA = "agenda", _("agenda")
    PROFILE = "profile", _("health profile")


# By the app of an address; what is not named belongs to every space.
_OF_APP = {
    "dmp": Service.DOCUMENTS,
    "mss": Service.MAILBOX,
    "store": Service.STORE,
    "agenda": Service.AGENDA,
    "health_profile": Service.PROFILE,
}
# Pages of other apps that are about one service.
_OF_PAGE = {
    "journeys:attachment_save": Service.MAILBOX,
    "journeys:draft_documents": Service.MAILBOX,
    "journeys:privacy": Service.DOCUMENTS,
    "journeys:privacy_hide": Service.DOCUMENTS,
    "journeys:privacy_show": Service.DOCUMENTS,
}
_OF_SECTION = {Section.DOCUMENTS: Service.DOCUMENTS, Section.MESSAGES: Service.MAILBOX}


def is_served(view_name: str, services: Collection[str]) -> bool:
    """Whether the page of this name (`dmp:document_list`) exists in a space with these services."""
    service = _OF_PAGE.get(view_name) or _OF_APP.get(view_name.partition(":")[0])
    return service is None or service in services


def has_section(section: Section, services: Collection[str]) -> bool:
    """The same for a section that a delegation may open."""
    service = _OF_SECTION.get(section)
    return service is None or service in services
