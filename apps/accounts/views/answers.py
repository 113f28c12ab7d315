"""What the script of a passkey wrote into its form."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest


def passkey_answer(request: HttpRequest) -> dict[str, Any]:
    """The browser's answer; anything that is no object of JSON is an empty one."""
    try:
        found = json.loads(request.POST.get("answer", ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
