"""What is new, for programs that tell people of it (Atom)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from civic.tenancy.requests import TenantRequest


@dataclass(frozen=True)
class FeedEntry:
    """Something new: its page's address within the portal, which also tells it apart."""

    title: str
    url: str
    text: str
    published: datetime | None
    updated: datetime | None


def feed_of(request: TenantRequest, title: str, list_url: str, entries: Iterable[FeedEntry]) -> HttpResponse:
    """Return a municipality's feed; `list_url` is the page that lists the same things."""
    feed = Atom1Feed(
        title=f"{request.municipality.name} {title}",
        link=request.build_absolute_uri(list_url),
        description=None,
        language="ja",
        feed_url=request.build_absolute_uri(request.path),
        author_name=request.municipality.name,
        feed_copyright=f"{request.municipality.get_licence_display()} {request.municipality.licence_url}",
    )
    for entry in entries:
        address = request.build_absolute_uri(entry.url)
        feed.add_item(
            title=entry.title,
            link=address,
            description=entry.text,
            unique_id=address,
            pubdate=entry.published,
            updateddate=entry.updated,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
