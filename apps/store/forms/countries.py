"""Countries in which a service may be hosted: ISO 3166-1, the European Economic Area first."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

_EEA = (
    ("FR", pgettext_lazy("country", "France")), ("DE", pgettext_lazy("country", "Germany")),
    ("AT", pgettext_lazy("country", "Austria")), ("BE", pgettext_lazy("country", "Belgium")),
    ("BG", pgettext_lazy("country", "Bulgaria")), ("CY", pgettext_lazy("country", "Cyprus")),
    ("HR", pgettext_lazy("country", "Croatia")), ("DK", pgettext_lazy("country", "Denmark")),
    ("ES", pgettext_lazy("country", "Spain")), ("EE", pgettext_lazy("country", "Estonia")),
    ("FI", pgettext_lazy("country", "Finland")), ("GR", pgettext_lazy("country", "Greece")),
    ("HU", pgettext_lazy("country", "Hungary")), ("IE", pgettext_lazy("country", "Ireland")),
    ("IS", pgettext_lazy("country", "Iceland")), ("IT", pgettext_lazy("country", "Italy")),
    ("LV", pgettext_lazy("country", "Latvia")), ("LI", pgettext_lazy("country", "Liechtenstein")),
    ("LT", pgettext_lazy("country", "Lithuania")), ("LU", pgettext_lazy("country", "Luxembourg")),
    ("MT", pgettext_lazy("country", "Malta")), ("NO", pgettext_lazy("country", "Norway")),
    ("NL", pgettext_lazy("country", "Netherlands")), ("PL", pgettext_lazy("country", "Poland")),
    ("PT", pgettext_lazy("country", "Portugal")), ("CZ", pgettext_lazy("country", "Czechia")),
    ("RO", pgettext_lazy("country", "Romania")), ("SK", pgettext_lazy("country", "Slovakia")),
    ("SI", pgettext_lazy("country", "Slovenia")), ("SE", pgettext_lazy("country", "Sweden")),
)  # fmt: skip
_OTHERS = (
    ("CH", pgettext_lazy("country", "Switzerland")), ("GB", pgettext_lazy("country", "United Kingdom")),
    ("CA", pgettext_lazy("country", "Canada")), ("US", pgettext_lazy("country", "United States")),
)  # fmt: skip

COUNTRIES = (*_EEA, *_OTHERS)
# Languages in which a service speaks to people: ISO 639-1.
LANGUAGES = (
    ("fr", pgettext_lazy("language", "French")), ("en", pgettext_lazy("language", "English")),
    ("de", pgettext_lazy("language", "German")), ("es", pgettext_lazy("language", "Spanish")),
    ("it", pgettext_lazy("language", "Italian")), ("pt", pgettext_lazy("language", "Portuguese")),
    ("ar", pgettext_lazy("language", "Arabic")), ("tr", pgettext_lazy("language", "Turkish")),
    ("uk", pgettext_lazy("language", "Ukrainian")), ("zh", pgettext_lazy("language", "Chinese")),
)  # fmt: skip
