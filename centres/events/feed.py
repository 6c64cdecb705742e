"""What is to come, as an Atom feed (RFC 4287)."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from centres.events.models import Event
from civic.calendar import era_date
from civic.tenancy.models import Municipality
from civic.tenancy.urls import tenant_reverse


def feed_of(municipality: Municipality, events: Iterable[Event]) -> str:
    """Return the feed of a municipality's events. Run in `acting_as`; the events have their sessions prefetched."""
    site = settings.PORTAL_URL + tenant_reverse("events:event_list")
    feed = Atom1Feed(
        title=_("%(name)sの催し・講座") % {"name": municipality.name},
        link=site,
        description="",
        feed_url=settings.PORTAL_URL + tenant_reverse("events:feed"),
        language="ja",
    )
    for event in events:
        url = settings.PORTAL_URL + tenant_reverse("events:event_detail", number=event.pk)
        feed.add_item(
            title=_title(event),
            link=url,
            unique_id=url,
            description=event.summary,
            pubdate=event.published_at,
            updateddate=event.published_at,
        )
    return feed.writeString("utf-8")


def _title(event: Event) -> str:
    days = "、".join(era_date(timezone.localdate(session.starts_at)) for session in event.sessions.all())
    called_off = _("【中止】") if event.is_cancelled else ""
    return f"{called_off}{event.title}（{days}）"
