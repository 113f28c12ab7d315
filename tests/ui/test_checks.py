"""The two settings of django-dsfr that must never go back to their defaults."""

from __future__ import annotations

import pytest

from apps.ui.checks import dsfr_settings

HASHED = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def _ids():
    return [message.id for message in dsfr_settings(app_configs=None)]


def test_our_settings_pass():
    assert _ids() == []


@pytest.mark.parametrize("value", [True, None, "no"])
def test_sec_07_contents_taken_for_safe_stop_the_start(settings, value):
    settings.DSFR_CONTENT_IS_SAFE = value

    assert _ids() == ["ui.E001"]


def test_sec_07_the_default_of_the_library_stops_the_start(settings):
    del settings.DSFR_CONTENT_IS_SAFE

    assert _ids() == ["ui.E001"]


@pytest.mark.parametrize(("storages", "ids"), [(HASHED, ["ui.E002"]), (PLAIN, [])])
def test_checksums_do_not_fit_hashed_files(settings, storages, ids):
    settings.STORAGES = storages
    settings.DSFR_USE_INTEGRITY_CHECKSUMS = True

    assert _ids() == ids
