"""Words of messages as PostgreSQL compares them: French stems, accents and capitals left out, on both sides."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

from apps.common.text import fold

CONFIG = "french"
_MOST = 150_000  # characters of one message: a search vector holds one megabyte
_BETWEEN = re.compile(r"[\W_]+")


def plain(*texts: str) -> str:
    """Folded words with one space between them: signs would make addresses and paths of them."""
    joined = "\n".join(texts)[:_MOST]
    return _BETWEEN.sub(" ", fold(joined)).strip()


def vector(*texts: str) -> SearchVector:
    """For `Message.search`."""
    return SearchVector(Value(plain(*texts)), config=CONFIG)


def query(words: str) -> SearchQuery:
    """What somebody typed, compared with `Message.search`; every word must be there."""
    return SearchQuery(plain(words), config=CONFIG)
