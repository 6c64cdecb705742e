"""What is new, for programs that tell people of it (Atom)."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.information.models import Entry
from centres.information.queries import GrantSearch, grants, public_cases, public_news
from civic.accounts.rules import PUBLIC, allow
from civic.feeds import FeedEntry, feed_of
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse

ENTRIES = 30


@require_safe
@allow(PUBLIC)
def news_feed(request: TenantRequest) -> HttpResponse:
    news = public_news(timezone.localdate()).order_by("-shows_from", "-pk")[:ENTRIES]
    texts = [(one, one.body) for one in news]
    return _feed(request, _("お知らせ"), "information:news_list", "information:news_detail", texts)


@require_safe
@allow(PUBLIC)
def grant_feed(request: TenantRequest) -> HttpResponse:
    open_grants = grants(GrantSearch(), timezone.localdate()).order_by("-published_at", "-pk")[:ENTRIES]
    texts = [(one, one.body or one.audience) for one in open_grants]
    return _feed(request, _("助成金"), "information:grant_list", "information:grant_detail", texts)


@require_safe
@allow(PUBLIC)
def case_feed(request: TenantRequest) -> HttpResponse:
    texts = [(one, one.done) for one in public_cases().order_by("-published_at", "-pk")[:ENTRIES]]
    return _feed(request, _("活動事例"), "information:case_list", "information:case_detail", texts)


def _feed(
    request: TenantRequest, title: str, list_name: str, page_name: str, texts: Iterable[tuple[Entry, str]]
) -> HttpResponse:
    entries = (
        FeedEntry(
            title=entry.title,
            url=tenant_reverse(page_name, pk=entry.pk),
            text=text,
            published=entry.published_at,
            updated=_updated(entry),
        )
        for entry, text in texts
    )
    return feed_of(request, title, tenant_reverse(list_name), entries)


def _updated(entry: Entry) -> datetime:
    """Words that changed while the entry was a draft are not newer than the day on which it was published."""
    return max(entry.changed_at, entry.published_at or entry.changed_at)
