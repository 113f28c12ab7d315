"""What the worker of the checks reaches the outside world by."""

from __future__ import annotations

from apps.store.checks.base import Tools
from apps.store.gateways.web.base import make_web
from apps.store.gateways.web.browser import find_browser


def make_tools() -> Tools:
    """The guarded web, and a browser where this machine has one."""
    web = make_web()
    return Tools(web=web, browser=find_browser(web=web))
