from __future__ import annotations

from django.urls import path

from apps.common import views

app_name = "common"
urlpatterns = [
    path("-/vivant", views.live, name="live"),
    path("-/pret", views.ready, name="ready"),
]
