"""Where one can go from any page, for templates."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from civic.accounts.queries import membership_of, memberships_of
from civic.tenancy.requests import PortalRequest

Entries = tuple[tuple[Any, str], ...]

# (label, URL name) in the order in which they are shown. The guild goes by the municipality's own name for it.
PUBLIC: Entries = (
    (_("団体をさがす"), "centres:group_list"),
    (_("催し"), "centres:event_list"),
    (_("お知らせ"), "centres:news_list"),
    (_("活動事例"), "centres:case_list"),
    (None, "matching:guild"),
    (_("計画と進みぐあい"), "plans:plan_list"),
    (_("オープンデータ"), "centres:open_data"),
)
# Who sees one of these is told by the rule of the view behind it.
OFFICE: Entries = (
    (_("マイページ"), "office_home"),
    (_("相談の記録"), "centres:consultation_list"),
    (_("利用者"), "member_list"),
    (_("時間のかかる処理"), "jobs:job_list"),
    (_("変更の記録"), "audit:change_list"),
)
FOOTER: Entries = (
    (_("アクセシビリティ"), "accessibility"),
    (_("個人情報の取り扱い"), "privacy"),
)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


def navigation(request: PortalRequest) -> dict[str, Any]:
    """Context processor. Whatever asks the database is a function, called only by templates that show it."""
    return {
        "membership": lambda: membership_of(request),
        "memberships": lambda: memberships_of(request.user),  # type: ignore[arg-type]
        "public_navigation": lambda: _links(request, PUBLIC),
        "office_navigation": lambda: _office_links(request),
        "footer_navigation": lambda: _links(request, FOOTER),
    }


def _office_links(request: PortalRequest) -> list[Link]:
    membership = membership_of(request)
    if membership is None:
        return []
    return _links(request, tuple((label, name) for label, name in OFFICE if _may(request, name, membership.role)))


def _may(request: PortalRequest, name: str, role: str) -> bool:
    url = _address(request, name)
    return url is not None and role in resolve(url).func.rule.roles  # type: ignore[attr-defined]


def _links(request: PortalRequest, entries: Entries) -> list[Link]:
    """The entries that exist, the one that the request's page belongs to marked as current."""
    found = [
        (label or request.municipality.guild_name, url)  # type: ignore[union-attr]
        for label, name in entries
        if (url := _address(request, name)) is not None
    ]
    current = max((url for _label, url in found if request.path.startswith(url)), key=len, default=None)
    return [Link(str(label), url, url == current) for label, url in found]


def _address(request: PortalRequest, name: str) -> str | None:
    """The address of a page of the request's municipality; None where there is no such page or no municipality."""
    if request.municipality is None:
        return None
    try:
        return reverse(name, kwargs={"municipality": request.municipality.slug})
    except NoReverseMatch:
        return None
