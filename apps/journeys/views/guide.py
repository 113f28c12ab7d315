"""Public explanations (P-02), help with its search (P-03) and the state of the service (OK-01)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.journeys.guide import ARTICLES, BY_SLUG, LONGEST_QUESTION, AboutPage, Theme, search, template_of
from apps.journeys.service_state import service_state
from apps.ui.middleware import indexable


@require_safe
@indexable
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "journeys/about_summary.html", {"pages": list(AboutPage)})


@require_safe
@indexable
def about_page(request: HttpRequest, page: AboutPage) -> HttpResponse:
    context = {"page": page, "pages": list(AboutPage), "text": template_of("about", page.value)}
    return render(request, "journeys/about.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@indexable
def help_home(request: HttpRequest) -> HttpResponse:
    """Words are sent in the body and answered at once: they stand in no address and are not kept (SEC-22)."""
    question = request.POST.get("question", "").strip()[:LONGEST_QUESTION]
    context = {
        "question": question,
        "found": search(question),
        "frequent": [article for article in ARTICLES if article.is_frequent],
        "themes": [(theme, [article for article in ARTICLES if article.theme is theme]) for theme in Theme],
    }
    return render(request, "journeys/help.html", context)


@require_safe
@indexable
def help_article(request: HttpRequest, slug: str) -> HttpResponse:
    article = BY_SLUG.get(slug)
    if article is None:
        raise Http404
    others = [other for other in ARTICLES if other.theme is article.theme and other is not article]
    context = {"article": article, "others": others, "text": template_of("help", slug)}
    return render(request, "journeys/help_article.html", context)


@require_safe
@indexable
def status(request: HttpRequest) -> HttpResponse:
    """OK-01: looked at anew, at most every thirty seconds; 200 whatever it says, for the page itself works."""
    state = service_state(at=timezone.now())
    return render(request, "journeys/status.html", {"service": state, "parts": state.parts})
