"""Where one can go from any page, for templates."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from civic.accounts.queries import membership_of, memberships_of
from civic.tenancy.requests import PortalRequest


@dataclass(frozen=True)
class Entry:
    """A page that one can go to. `label` is None for the guild, which goes by the municipality's own name for it.

    `words` say what one does there, where pages are offered with more room than a navigation has.
    """

    label: Any
    name: str
    words: Any = ""


Entries = tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """Pages for one kind of work, under a heading; those without one come first."""

    title: Any
    entries: Entries


PUBLIC: Entries = (
    Entry(_("団体をさがす"), "centres:group_list"),
    Entry(_("部屋の空き"), "rooms:calendar"),
    Entry(_("催し"), "events:event_list"),
    Entry(_("お知らせ"), "information:news_list"),
    Entry(_("活動事例"), "information:case_list"),
    Entry(None, "matching:guild"),
    Entry(_("計画と進みぐあい"), "plans:plan_list"),
    Entry(_("オープンデータ"), "centres:open_data"),
)
# Who sees one of these is told by the rule of the view behind it.
OFFICE: tuple[Section, ...] = (
    Section(
        "",
        (Entry(_("マイページ"), "office_home"),),
    ),
    Section(
        _("相談"),
        (
            Entry(
                _("相談を記録する"), "centres:consultation_new", _("電話や窓口で受けた相談を、その場で書きとめます。")
            ),
            Entry(
                _("きょう連絡する相談"), "centres:follow_up_list", _("連絡する日がきた相談を見て、すんだら消します。")
            ),
            Entry(_("相談の記録"), "centres:consultation_list", _("これまでの相談をさがし、あとから書きたします。")),
            Entry(
                _("相談の統計"),
                "centres:consultation_statistics",
                _("件数・人数・時間を、種類や分野、月などで見ます。"),
            ),
            Entry(_("連絡先を保存する期間"), "centres:retention", _("相談した人の連絡先を、何か月残すかを決めます。")),
        ),
    ),
    Section(
        _("団体"),
        (
            Entry(
                _("自分の団体"), "registration:own_groups", _("団体の紹介を直し、登録を更新し、代表者を交代します。")
            ),
            Entry(_("団体の台帳"), "centres:office_group_list", _("団体をさがし、記録を加え、直します。")),
            Entry(
                _("団体登録の申込み"),
                "registration:application_list",
                _("申込みを受け付け、確かめ、承認して公開します。"),
            ),
            Entry(_("登録団体"), "registration:group_list", _("登録の状態を見て、更新・停止・代表者の交代をします。")),
            Entry(
                _("団体登録のきまり"),
                "registration:rule",
                _("必要な人数や書類、登録の期間、公開のしかたを決めます。"),
            ),
        ),
    ),
    Section(
        _("ボランティア"),
        (
            Entry(
                _("自分の登録"),
                "matching:own_help",
                _("できることや動ける時間を直し、休み、手伝いの予定を見ます。"),
            ),
            Entry(
                _("自分のマッチング"), "matching:own_matches", _("お返事をし、申し込んだ募集がどうなったかを見ます。")
            ),
            Entry(
                _("わたしの活動"), "matching:own_activity", _("活動した日と時間を記録し、活動証明書を受けとります。")
            ),
            Entry(_("することの列"), "matching:queue", _("急ぐことから順に受け持ち、ほかの人と重ならずに進めます。")),
            Entry(
                _("今週の提案"),
                "matching:proposal",
                _("募集のすべてについて、だれに頼むとよいかをまとめて考え、見直して送ります。"),
            ),
            Entry(
                _("マッチング"), "matching:match_list", _("だれがどの募集に、いまどうなっているかを見て、進めます。")
            ),
            Entry(
                _("募集"),
                "matching:request_list",
                _("手伝う人やいっしょに活動する団体の募集を書き、確かめて公開します。"),
            ),
            Entry(_("手伝いたい方"), "matching:supporter_list", _("登録した方をさがし、窓口で登録します。")),
            Entry(
                _("気にかけること"),
                "matching:concerns",
                _("人が足りない募集、終わっていない活動、確認を待つ記録、来なかった方、感想を見ます。"),
            ),
            Entry(
                _("紹介と活動の統計"),
                "matching:guild_statistics",
                _("紹介・完了・活動時間を、月・分野・地区・年齢で見ます。"),
            ),
            Entry(
                _("できることと、紹介のきまり"),
                "matching:skill_list",
                _("えらべる「できること」と、候補の順番や待つ日数を決めます。"),
            ),
        ),
    ),
    Section(
        _("部屋・備品"),
        (
            Entry(_("利用者を数える"), "rooms:counter", _("部屋や場所を使った人数を、その場で数えます。")),
            Entry(_("部屋の予約"), "rooms:office_calendar", _("部屋の空きを見て、予約し、取り消します。")),
            Entry(_("備品の貸出し"), "rooms:equipment_list", _("備品の残りを見て、貸出しと返却を記録します。")),
            Entry(_("部屋のきまり"), "rooms:room_list", _("部屋を加え、時間の区分と予約のきまりを決めます。")),
        ),
    ),
    Section(
        _("催し・情報"),
        (
            Entry(
                _("催し・講座"),
                "events:office_event_list",
                _("催しを知らせ、申し込みを受け、出席とアンケートを記録します。"),
            ),
            Entry(
                _("お知らせ・助成金・事例"),
                "information:news_office",
                _("お知らせ、助成金の案内、活動事例を書いて、公開します。"),
            ),
            Entry(
                _("参加者の連絡先を保存する期間"),
                "events:retention",
                _("催しに申し込んだ人の連絡先を、何か月残すかを決めます。"),
            ),
        ),
    ),
    Section(
        _("報告と計画"),
        (
            Entry(
                _("月次報告書"), "monthly:report_list", _("その月の相談・登録・利用などをまとめ、締めて市に渡します。")
            ),
            Entry(
                _("年度の進捗報告"),
                "plans:progress_home",
                _("担当課が進みぐあいを報告し、計画担当が確かめ、審議会が評価します。"),
            ),
            Entry(_("計画と年次報告書"), "plans:office_plan_list", _("計画を読み、年次報告書を作って公開します。")),
        ),
    ),
    Section(
        _("管理"),
        (
            Entry(_("利用者"), "member_list", _("職員などを招待し、役割を変えます。")),
            Entry(
                _("時間のかかる処理"),
                "jobs:job_list",
                _("たのんだ処理の進みぐあいを見て、できたファイルを受けとります。"),
            ),
            Entry(_("変更の記録"), "audit:change_list", _("だれが、いつ、何を変えたかを確かめます。")),
        ),
    ),
)
FOOTER: Entries = (
    Entry(_("アクセシビリティ"), "accessibility"),
    Entry(_("個人情報の取り扱い"), "privacy"),
)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    words: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Links:
    """The pages of a section that the person may open."""

    title: str
    links: list[Link]


def navigation(request: PortalRequest) -> dict[str, Any]:
    """Context processor. Whatever asks the database is a function, called only by templates that show it."""
    return {
        "membership": lambda: membership_of(request),
        "memberships": lambda: memberships_of(request.user),  # type: ignore[arg-type]
        "public_navigation": lambda: _links(request, PUBLIC),
        "office_navigation": lambda: _office_sections(request),
        "footer_navigation": lambda: _links(request, FOOTER),
    }


def _office_sections(request: PortalRequest) -> list[Links]:
    """What the person may open, by section; a section of which they may open nothing is left out."""
    membership = membership_of(request)
    if membership is None:
        return []
    role = membership.role
    sections = [
        (section, [entry for entry in section.entries if _may(request, entry.name, role)]) for section in OFFICE
    ]
    links = iter(_links(request, tuple(entry for _section, entries in sections for entry in entries)))
    return [Links(str(section.title), list(islice(links, len(entries)))) for section, entries in sections if entries]


def _may(request: PortalRequest, name: str, role: str) -> bool:
    url = _address(request, name)
    return url is not None and role in resolve(url).func.rule.roles  # type: ignore[attr-defined]


def _links(request: PortalRequest, entries: Entries) -> list[Link]:
    """The entries that exist, the one that the request's page belongs to marked as current."""
    found = [(entry, url) for entry in entries if (url := _address(request, entry.name)) is not None]
    current = max((url for _entry, url in found if request.path.startswith(url)), key=len, default=None)
    return [
        Link(
            str(entry.label or request.municipality.guild_name),  # type: ignore[union-attr]
            url,
            str(entry.words),
            url == current,
        )
        for entry, url in found
    ]


def _address(request: PortalRequest, name: str) -> str | None:
    """The address of a page of the request's municipality; None where there is no such page or no municipality."""
    if request.municipality is None:
        return None
    try:
        return reverse(name, kwargs={"municipality": request.municipality.slug})
    except NoReverseMatch:
        return None
