"""Addresses of spaces, below `e/<space_id>/`, and of invitations, which belong to no space."""

from __future__ import annotations

from django.urls import include, path

from apps.spaces.views import (
    delegates,
    emergency,
    invitations,
    inviting,
    professional_acts,
    professionals,
    representatives,
)

app_name = "spaces"
in_space = [
    path("urgence/", emergency.emergency_choices, name="emergency_choices"),
    path("professionnels/", professionals.professional_list, name="professional_list"),
    path("professionnels/chercher/", professionals.professional_search, name="professional_search"),
    path("professionnels/metiers/", professionals.professional_matrix, name="professional_matrix"),
    path("professionnels/<uuid:professional_id>/", professionals.professional_detail, name="professional_detail"),
    *(
        path(
            f"professionnels/<uuid:professional_id>/{word}/",
            professional_acts.professional_act,
            {"act": act},
            name=f"professional_{act}",
        )
        for word, act in (
            ("bloquer", "block"),
            ("debloquer", "unblock"),
            ("retirer-accord", "withdraw"),
            ("administrateur", "name"),
            ("medecin-traitant", "treating"),
            ("retirer-administrateur", "end"),
        )
    ),
    path("proches/", delegates.delegate_list, name="delegate_list"),
    path("proches/inviter/", inviting.delegate_invite, name="delegate_invite"),
    path("proches/inviter/<uuid:search_id>/", inviting.delegate_review, name="delegate_review"),
    path("proches/invitations/<uuid:invitation_id>/", delegates.invitation_withdraw, name="invitation_withdraw"),
    path("proches/<uuid:delegation_id>/", delegates.delegate_detail, name="delegate_detail"),
    path("proches/<uuid:delegation_id>/modifier/", delegates.delegate_change, name="delegate_change"),
    path("proches/<uuid:delegation_id>/arreter/", delegates.delegate_end, name="delegate_end"),
    path("proches/<uuid:delegation_id>/attestation/", delegates.delegate_certificate, name="delegate_certificate"),
    path("representants/", representatives.representatives, name="representatives"),
    path("representants/inviter/", representatives.representative_invite, name="representative_invite"),
    path(
        "representants/inviter/<uuid:search_id>/", representatives.representative_review, name="representative_review"
    ),
    path(
        "representants/<uuid:representation_id>/accord/",
        representatives.assistance_consent,
        name="assistance_consent",
    ),
]
urlpatterns = [
    path("e/<uuid:space_id>/", include(in_space)),
    path("compte/invitations/", invitations.invitation_list, name="invitation_list"),
    path("compte/invitations/<uuid:invitation_id>/", invitations.delegate_accept, name="delegate_accept"),
    path("compte/aides/<uuid:delegation_id>/arreter/", invitations.help_end, name="help_end"),
    path("compte/aides/<uuid:delegation_id>/attestation/", invitations.help_certificate, name="help_certificate"),
]
