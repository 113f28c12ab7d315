"""Every address of the portal; each name stands in tests/access/matrix.py with who may reach it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.common.urls")),
    path("", include("apps.ui.urls")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.journeys.urls")),
    path("e/<uuid:space_id>/", include("apps.dmp.urls")),
    path("e/<uuid:space_id>/", include("apps.mss.urls")),
    path("e/<uuid:space_id>/", include("apps.notifications.urls")),
    path("", include("apps.spaces.urls")),
    path("", include("apps.rollout.urls")),
    path("", include("apps.store.urls")),
]

handler400 = "apps.ui.errors.bad_request"
handler403 = "apps.ui.errors.permission_denied"
handler404 = "apps.ui.errors.not_found"
handler429 = "apps.ui.errors.too_many_requests"  # read by allauth, not by Django
handler500 = "apps.ui.errors.server_error"
