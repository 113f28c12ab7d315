import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
from datetime import timedelta
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.dmp.factories import signed_in, filed
from tests.e2e.pages import *  # noqa
import tests.e2e.pages as pages
from tests.spaces.delegates import helper, url, invited, found, accepted
from playwright.sync_api import sync_playwright

@pytest.mark.django_db(transaction=True)
def test_look(live_server):
    now = timezone.now()
    space = factories.space(opened_at=now - timedelta(days=400))
    holder = signed_in(space.identity)
    today = now.date()
    kw = {"at": now, "starts_on": today, "ends_on": today + timedelta(days=100)}
    user = helper(); accepted(space, user, **kw)
    other = helper(first_given_name="ROSA"); row = invited(space, other.identity, **kw)
    third = helper(first_given_name="EMMA"); draft = found(space, third.identity, **kw)
    factories.delegation(of=space, person=factories.identity(first_given_name="HUGO"), starts_at=now-timedelta(days=90), ends_at=now - timedelta(days=3), ended_at=now-timedelta(days=5), ended_by="holder")
    from apps.spaces.models import Delegation
    d = Delegation.objects.filter(person=user.identity).get()
    child = factories.space(person=factories.child_identity(), opened_at=now - timedelta(days=400))
    factories.representation(of=child, person=space.identity, starts_at=now-timedelta(days=300), ends_at=now + timedelta(days=3000))
    sheets = [(holder, url("delegate_list", space.id), "list"), (holder, url("delegate_invite", space.id), "invite"),
      (holder, url("delegate_review", space.id, draft.search_id), "review"), (holder, url("delegate_detail", space.id, d.id), "detail"),
      (holder, url("delegate_end", space.id, d.id), "end"), (holder, url("representatives", child.id), "reps"),
      (holder, url("representative_invite", child.id), "repinvite"), (holder, reverse("journeys:choose_space"), "choose"),
      (signed_in(other.identity), url("delegate_accept", row.id), "accept"), (signed_in(user.identity), url("invitation_list"), "mine"),
      (signed_in(user.identity), reverse("journeys:dashboard", args=[space.id]), "home")]
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for person, path, name in sheets:
            for width in (1280, 320):
                c = b.new_context(base_url=live_server.url, locale="fr-FR", viewport={"width": width, "height": 800})
                c.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": person.client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}])
                page = c.new_page()
                r = page.goto(path)
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                print(name, width, r.status, "overflow", over, page.title())
                page.screenshot(path=f"/tmp/ens/look_{name}_{width}.png", full_page=True)
                try:
                    pages.is_clean(page)
                except AssertionError as e:
                    print("   AXE", str(e)[:600])
                c.close()
        b.close()
