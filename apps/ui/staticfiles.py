"""Which static files a deployment collects."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalStaticFilesConfig(StaticFilesConfig):
    """Leaves out what no page asks for: DSFR ships every component alone, old browsers' copies, pictograms and a tool.

    Collecting everything takes a minute and 6,000 files (front-end.md 6.2, 9).
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.md", "*.map", "*legacy*", "*.main.min.css", "*.print.min.css", "*.nomodule.min.js"),
        *("utility.min.css", "icons.min.css", "colors", "pictograms", "favicon"),
        *("analytics", "artwork", "component", "core", "layout", "scheme", "legacy", "icon-picker"),
        # Families of icons that no style sheet of ours asks for, by folder of pictures and of styles.
        *("buildings", "design", "development", "device", "finance", "map", "others"),
        *("icons-arrows", "icons-buildings", "icons-design", "icons-development", "icons-device", "icons-editor"),
        *("icons-finance", "icons-logo", "icons-map", "icons-others", "icons-weather"),
    ]
