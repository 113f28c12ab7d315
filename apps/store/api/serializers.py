"""Words of the open data: names of columns are French and stay what they are (STO-87)."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from apps.common.dates import PARIS
from apps.store.models import Candidacy, Listing, Sheet
from apps.store.services.catalogue import sheet_of
from apps.store.states.public import PublicState, public_state

A_PAGE = 100  # SEC-32


class AskedSerializer(serializers.Serializer[dict[str, Any]]):
    """Parameters of both addresses."""

    apres = serializers.UUIDField(required=False, help_text="Identifiant du dernier service déjà reçu.")
    nombre = serializers.IntegerField(
        required=False, default=A_PAGE, min_value=1, max_value=A_PAGE, help_text="Nombre de services, 100 au plus."
    )


class ServiceSerializer(serializers.Serializer[Listing]):
    """One service, also one that is suspended or has left; dates are days in Paris."""

    id = serializers.UUIDField(help_text="Ne change jamais.")
    nom = serializers.CharField()
    editeur = serializers.CharField()
    siren = serializers.RegexField(r"^\d{9}$")
    etat = serializers.ChoiceField(choices=PublicState.values)
    etat_depuis = serializers.DateField()
    reference_le = serializers.DateField()
    dernier_controle_le = serializers.DateField()
    effet_le = serializers.DateField(allow_null=True)
    page = serializers.CharField(help_text="Adresse de la fiche sur ce site.")
    accroche = serializers.CharField(allow_blank=True)
    besoins = serializers.ListField(child=serializers.ChoiceField(choices=Sheet.Need.values))
    publics = serializers.ListField(child=serializers.ChoiceField(choices=Sheet.Audience.values))
    langues = serializers.ListField(child=serializers.CharField())
    plateformes = serializers.ListField(child=serializers.ChoiceField(choices=Sheet.Platform.values))
    prix = serializers.ChoiceField(choices=Sheet.Price.values, allow_blank=True)
    echange = serializers.ChoiceField(choices=Candidacy.Exchange.values)
    accessibilite = serializers.IntegerField(allow_null=True, min_value=0, max_value=100)
    hebergement_pays = serializers.CharField(allow_blank=True)
    hebergeur = serializers.CharField(allow_blank=True)
    dispositif_medical = serializers.CharField(allow_blank=True)
    referentiel = serializers.CharField()

    def to_representation(self, instance: Listing) -> dict[str, Any]:
        return row_of(instance)


class CatalogueSerializer(serializers.Serializer[dict[str, Any]]):
    """One page by key; `suite` is empty on the last one."""

    suite = serializers.CharField(allow_blank=True, help_text="Adresse de la page suivante.")
    services = ServiceSerializer(many=True)


def row_of(listing: Listing) -> dict[str, Any]:
    """Values of one service, of a row out of `catalogue.with_pages`; no query."""
    return {
        "id": str(listing.pk),
        "nom": listing.service.name,
        "editeur": listing.publisher.name,
        "siren": listing.publisher.siren,
        "etat": public_state(listing.status).value,
        "etat_depuis": _since(listing).isoformat(),
        "reference_le": listing.published_at.astimezone(PARIS).date().isoformat(),
        "dernier_controle_le": listing.controlled_on.isoformat(),
        "effet_le": listing.effect_on.isoformat() if listing.effect_on else None,
        "page": f"/services/{listing.service.slug}/",
        **_shown(sheet_of(listing)),
        "echange": listing.candidacy.exchange,
        "referentiel": listing.candidacy.referential,
    }


def _since(listing: Listing) -> date:
    """An audit or a formal notice begins no other public state: the service is referenced since its publication."""
    is_referenced = public_state(listing.status) is PublicState.REFERENCED
    return (listing.published_at if is_referenced else listing.status_at).astimezone(PARIS).date()


def _shown(sheet: Sheet | None) -> dict[str, Any]:
    page = sheet or Sheet()
    return {
        "accroche": page.tagline, "besoins": page.needs, "publics": page.audiences, "langues": page.languages,
        "plateformes": page.platforms, "prix": page.price, "accessibilite": page.accessibility_rate,
        "hebergement_pays": page.hosting_country, "hebergeur": page.hosting_name,
        "dispositif_medical": page.device_class,
    }  # fmt: skip
