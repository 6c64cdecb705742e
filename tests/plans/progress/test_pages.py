"""The pages of a year: who sees what, what is kept, and what everyone is told."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from civic.accounts.models import Department, Membership, Role
from civic.tenancy.context import acting_as
from plans.editing import lifecycle, restructuring
from plans.models import Evaluation, ItemDepartment, ManualStatus, Plan, PlanItem, ProgressReport
from plans.progress import queries, services
from tests.conftest import SignIn
from tests.plans.progress.conftest import WHOLE, YearOf

HOME = "/shimonoseki/office/progress/"
YEAR = f"{HOME}sample/2025/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def browser_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def officer(opened: YearOf) -> Client:
    return browser_of(opened.officer)


@pytest.fixture
def planner(opened: YearOf, signed_in: SignIn) -> Client:
    return signed_in(opened.municipality, Role.PLANNER)


def report_of(opened: YearOf, key: str) -> ProgressReport:
    with acting_as(opened.municipality):
        return opened.report(key)


def typed(report: ProgressReport, version: int | None = None, **changes: object) -> dict[str, object]:
    """What the form of a report sends."""
    values = WHOLE | {"rating": "", "version": report.version if version is None else version} | changes
    return {f"report{report.pk}-{name}": value for name, value in values.items()}


def words(response: HttpResponse) -> str:
    return response.content.decode()


def test_an_officer_sees_their_departments_items_once_each(officer: Client) -> None:
    html = words(officer.get(f"{YEAR}mine/"))
    assert re.findall(r'<section class="progress-report" id="item-([\w-]+)"', html) == ["1-1-1", "1-1-2"]
    assert "広報課" in html
    assert "2件" in html
    assert "部屋" not in html


def test_typing_is_saved_and_the_version_follows(officer: Client, opened: YearOf) -> None:
    report = report_of(opened, "1-1-2")
    response = officer.post(f"{YEAR}mine/items/1-1-2/", typed(report, done="途中の文", work_status=""), **HTMX)
    html = words(response)
    assert "に保存しました" in html
    assert f'name="report{report.pk}-version" value="1" hx-swap-oob="true"' in html
    saved = report_of(opened, "1-1-2")
    assert (saved.done, saved.state) == ("途中の文", "draft")


def test_without_scripts_saving_comes_back_to_the_item(officer: Client, opened: YearOf) -> None:
    response = officer.post(f"{YEAR}mine/items/1-1-2/", typed(report_of(opened, "1-1-2")))
    assert response.headers["Location"] == f"{YEAR}mine/#item-1-1-2"
    assert "保存しました。" in words(officer.get(f"{YEAR}mine/"))


def test_an_item_is_handed_in_and_its_part_of_the_page_follows(officer: Client, opened: YearOf) -> None:
    data = typed(report_of(opened, "1-1-2")) | {"then": "submit"}
    response = officer.post(f"{YEAR}mine/items/1-1-2/", data, **HTMX)
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#item-1-1-2", "outerHTML")
    html = words(response)
    assert "提出済み" in html
    assert "autofocus" in html, "the keyboard stays at the item"
    assert "<form" not in html
    assert "1件" in html
    assert report_of(opened, "1-1-2").state == "submitted"
    report = report_of(opened, "1-1-2")
    late = officer.post(f"{YEAR}mine/items/1-1-2/", typed(report, 1, done="遅れて届いた"), **HTMX)
    assert "いまは書きかえられません" in words(late)


def test_what_is_missing_is_said_by_its_field_and_kept_as_a_draft(officer: Client, opened: YearOf) -> None:
    data = typed(report_of(opened, "1-1-2"), done="") | {"then": "submit"}
    response = officer.post(f"{YEAR}mine/items/1-1-2/", data)
    assert response.status_code == 400
    assert "提出するには、ここを入力してください。" in words(response)
    report = report_of(opened, "1-1-2")
    assert (report.state, report.problems) == ("draft", "参加者が少ない。")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_second_writer_is_told_and_sees_both(opened: YearOf, officer: Client, headers: dict[str, str]) -> None:
    read = report_of(opened, "1-1-1")
    other = browser_of(opened.other_officer)
    other.post(f"{YEAR}mine/items/1-1-1/", typed(read, done="先に書いた文"))
    response = officer.post(f"{YEAR}mine/items/1-1-1/", typed(read, done="あとから書いた文"), **headers)
    html = words(response)
    assert response.status_code == (200 if headers else 409)
    assert "other-officerさんが" in html
    assert "先に書いた文" in html
    if headers:
        assert "-version" not in html, "typing on does not write over the other's text"
    else:
        assert "あとから書いた文" in html
        assert f'name="report{read.pk}-version" value="0"' in html
    assert report_of(opened, "1-1-1").done == "先に書いた文"
    if headers:
        again = officer.post(f"{YEAR}mine/items/1-1-1/", typed(read, done="さらに書いた文", seen=1), **headers)
        assert again.status_code == 204, "what the page shows already stays as it is"
    [over] = re.findall(r'name="report\d+-over" value="(\d+)"', html)
    officer.post(f"{YEAR}mine/items/1-1-1/", typed(read, done="合わせた文", over=over), **headers)
    assert report_of(opened, "1-1-1").done == "合わせた文"
    history = words(officer.get(f"{YEAR}items/1-1-1/"))
    assert "上書き" in history
    assert "先に書いた文" in history


@pytest.mark.parametrize("path", ["mine/items/2-1-2/", "items/2-1-2/"])
def test_another_departments_item_is_forbidden(officer: Client, opened: YearOf, path: str) -> None:
    ask: Callable[..., HttpResponse] = officer.post if path.startswith("mine") else officer.get
    response = ask(f"{YEAR}{path}", typed(report_of(opened, "2-1-2")))
    assert response.status_code == 403
    assert report_of(opened, "2-1-2").state == "not_started"


@pytest.mark.parametrize("text", ["あ" * 4001, "制御\x07文字"])
def test_a_text_that_cannot_be_kept_is_said(officer: Client, opened: YearOf, text: str) -> None:
    response = officer.post(f"{YEAR}mine/items/1-1-2/", typed(report_of(opened, "1-1-2"), done=text), **HTMX)
    assert "この年度にしたこと：" in words(response)
    assert report_of(opened, "1-1-2").done == ""


def test_a_rating_of_another_plan_is_not_here(officer: Client, opened: YearOf) -> None:
    response = officer.post(f"{YEAR}mine/items/1-1-2/", typed(report_of(opened, "1-1-2"), rating="999999"))
    assert response.status_code == 404


def test_all_filled_in_are_handed_in_together(officer: Client, opened: YearOf) -> None:
    officer.post(f"{YEAR}mine/items/1-1-2/", typed(report_of(opened, "1-1-2")))
    html = words(officer.post(f"{YEAR}mine/submit/", follow=True))
    assert "1件を提出しました" in html
    assert "1件は、「進みぐあい」か「この年度にしたこと」が空のため、提出していません。" in html


def test_last_years_text_stands_beside(opened: YearOf) -> None:
    with acting_as(opened.municipality):
        opened.hand_in("1-1-2", done="昨年度の文")
        services.accept([opened.report("1-1-2")], opened.planner)
        services.open_year(opened.year.plan, 2026, date(2027, 5, 31))
    html = words(browser_of(opened.officer).get(f"{HOME}sample/2026/mine/"))
    assert html.count("昨年度の文") == 1
    assert "昨年度の報告はありません" in html, "of the other item"


def test_the_planner_opens_a_year(planner: Client, opened: YearOf) -> None:
    data = {"fiscal_year": "2026", "due_on_year": "2099", "due_on_month": "5", "due_on_day": "31"}
    html = words(planner.post(f"{HOME}sample/open/", data, follow=True))
    assert "担当課に依頼しました" in html
    assert "広報課" in html
    assert planner.post(f"{HOME}sample/open/", data).status_code == 400, "a second time"
    past = {**data, "fiscal_year": "2024", "due_on_year": "2020"}
    assert "今日よりあと" in words(planner.post(f"{HOME}sample/open/", past))


def test_the_planner_writes_the_rating_scheme(planner: Client, opened: YearOf) -> None:
    address = f"{HOME}sample/ratings/"
    assert "A 予定より進んでいる" in words(planner.get(address))
    for wrong, said in (("A", "1行目に意味が"), ("A よい\nA わるい", "2行目の記号"), (f"A {'あ' * 201}", "1行目が長")):
        response = planner.post(address, {"scheme": wrong})
        assert response.status_code == 400
        assert said in words(response)
    planner.post(address, {"scheme": "◎ よい\n\n△　ふつう に進んだ\n"})
    with acting_as(opened.municipality):
        assert [(r.mark, r.meaning) for r in opened.year.plan.ratings.all()] == [
            ("◎", "よい"),
            ("△", "ふつう に進んだ"),
        ]


def test_a_plan_is_offered_while_a_year_of_it_is_to_be_asked_for(opened: YearOf) -> None:
    with acting_as(opened.municipality):
        assert queries.plans_to_ask_for(date(2026, 5, 1)) == [opened.year.plan], "2024 and 2026"
        for year in (2024, 2026):
            services.open_year(opened.year.plan, year, date(2027, 5, 31))
        assert queries.plans_to_ask_for(date(2026, 5, 1)) == []
        assert queries.plans_to_ask_for(date(2027, 4, 1)) == [opened.year.plan]
        Plan.objects.update(status=Plan.Status.DRAFT)
        assert queries.plans_to_ask_for(date(2027, 4, 1)) == []


def test_the_board_says_what_is_missing_and_overdue(planner: Client, opened: YearOf) -> None:
    with acting_as(opened.municipality):
        opened.hand_in("1-1-1")
        opened.hand_in("2-1-2")
        Department.objects.get(name="協働課").members.all().delete()
    html = words(planner.get(f"{YEAR}"))
    rows = re.findall(r"<tr>\s*<th scope=\"row\">\s*(\S+課)(.*?)</tr>", html, re.DOTALL)
    counts = {name: re.findall(r'<td class="number"[^>]*>(\d+)</td>', row) for name, row in rows}
    assert counts == {"広報課": ["1", "0", "0", "1", "0"], "協働課": ["0", "0", "0", "2", "0"]}
    overdue = {name: "しめきり後" in row for name, row in rows}
    assert overdue == {"広報課": True, "協働課": False}
    assert ["入力する人がいません" in row for _name, row in rows] == [False, True]


def test_the_planner_accepts_several_and_sends_one_back(planner: Client, opened: YearOf) -> None:
    with acting_as(opened.municipality):
        reports = [opened.hand_in(key) for key in ("1-1-1", "1-1-2", "2-1-2")]
    assert planner.post(f"{YEAR}review/", {}).status_code == 400
    html = words(planner.post(f"{YEAR}review/", {"reports": [r.pk for r in reports[:2]]}, follow=True))
    assert "2件を承認しました" in html
    assert "部屋" in html
    refused = planner.post(f"{YEAR}items/2-1-2/return/", {"comment": ""})
    assert refused.status_code == 400
    planner.post(f"{YEAR}items/2-1-2/return/", {"comment": "回数を書いてください。"})
    assert report_of(opened, "2-1-2").state == "returned"
    own = words(browser_of(opened.other_officer).get(f"{YEAR}mine/"))
    assert "回数を書いてください。" in own
    assert "差し戻し" in own
    assert planner.post(f"{YEAR}review/", {"reports": [reports[0].pk]}).status_code == 404, "it waits no more"


def test_closing_asks_whether_one_is_sure(planner: Client, opened: YearOf) -> None:
    assert planner.post(f"{YEAR}close/").status_code == 400
    assert "しめました" in words(planner.post(f"{YEAR}close/", {"sure": "on"}, follow=True))
    assert "<form" not in words(browser_of(opened.officer).get(f"{YEAR}mine/")).split("<main")[1]


def test_opening_a_closed_year_again_asks_why_and_the_board_says_so(planner: Client, opened: YearOf) -> None:
    planner.post(f"{YEAR}close/", {"sure": "on"})
    assert f'href="{YEAR}reopen/"' in words(planner.get(YEAR))
    assert planner.post(f"{YEAR}reopen/", {"reason": ""}).status_code == 400
    board = words(planner.post(f"{YEAR}reopen/", {"reason": "一件もれていた。"}, follow=True))
    assert "「一件もれていた。」" in board
    assert f'action="{YEAR}close/"' in board
    assert f'href="{YEAR}reopen/"' not in board


def test_deleting_an_evaluation_is_asked_first(planner: Client, opened: YearOf) -> None:
    with acting_as(opened.municipality):
        evaluation = Evaluation(year=opened.year, kind="self", text="消す評価", met_on=date(2026, 7, 10))
        services.record_evaluation(evaluation, opened.planner)
    page = f"{YEAR}evaluations/{evaluation.pk}/delete/"
    assert f'href="{page}"' in words(planner.get(f"{YEAR}evaluations/"))
    assert "消す評価" in words(planner.get(page))
    assert "消す評価" not in words(planner.post(page, follow=True))


def test_in_a_plans_first_year_the_plan_before_it_stands_beside(opened: YearOf) -> None:
    """Also beside what was split from a copied item since, and not a year further back."""
    with acting_as(opened.municipality):
        opened.hand_in("1-1-1", done="前の計画での取組")
        services.accept([opened.report("1-1-1")], opened.planner)
        following = lifecycle.copy_plan(
            opened.year.plan,
            slug="next",
            title="つぎの計画",
            first_fiscal_year=2026,
            last_fiscal_year=2030,
            by=opened.planner,
        )
        copied = following.items.select_related("plan").get(key="1-1-1")
        parts = restructuring.split_item(copied, ["紙の冊子", "電子の冊子"], on=date(2026, 3, 1), by=opened.planner)
        Plan.objects.filter(pk=following.pk).update(status=Plan.Status.IN_FORCE)
        following.refresh_from_db()
        year = services.open_year(following, 2026, date(2027, 5, 31))
        before = queries.accepted_before(year)
        assert [before[part.pk].done for part in parts] == ["前の計画での取組"] * 2
        assert before.keys() == {copied.pk, opened.report("1-1-1").item_id, *(part.pk for part in parts)}
        assert queries.accepted_before(services.open_year(following, 2027, date(2028, 5, 31))) == {}
    html = words(browser_of(opened.officer).get(f"{HOME}next/2026/mine/"))
    assert html.count("前の計画での取組") == 2


def test_a_weight_and_a_status_by_hand_are_set_and_shown(planner: Client, opened: YearOf) -> None:
    address = f"{YEAR}standings/1-1/"
    data = {"weight": "2.5", "status": "completed", "reason": ""}
    assert planner.post(address, data).status_code == 400
    assert planner.post(address, data | {"weight": "0", "reason": "理由"}).status_code == 400
    html = words(planner.post(address, data | {"reason": "国の基準に合わせた。"}, follow=True))
    assert "計算では「未着手」。手で決めた理由：国の基準に合わせた。" in html
    assert "2.50" in html
    planner.post(address, {"weight": "1", "status": "", "reason": ""})
    with acting_as(opened.municipality):
        assert not ManualStatus.objects.exists()


def test_the_council_reads_drafts_and_records_its_evaluation(opened: YearOf, signed_in: SignIn) -> None:
    with acting_as(opened.municipality):
        services.save(opened.report("1-1-2"), 0, WHOLE | {"done": "下書きの文"}, opened.officer)
        policy = PlanItem.objects.get(key="1").pk
    council = signed_in(opened.municipality, Role.COUNCIL)
    assert "下書き" in words(council.get(f"{YEAR}evaluations/"))
    assert "下書きの文" in words(council.get(f"{YEAR}items/1-1-2/"))
    data = {
        "item": policy,
        "kind": "third_party",
        "met_on_year": "2026",
        "met_on_month": "7",
        "met_on_day": "10",
        "rating": "",
        "text": "よく進んだ。",
    }
    html = words(council.post(f"{YEAR}evaluations/new/", data, follow=True))
    assert "よく進んだ。" in html
    assert "令和8年7月10日の会議" in html
    with acting_as(opened.municipality):
        evaluation = Evaluation.objects.get()
        assert evaluation.item_id == policy
    council.post(f"{YEAR}evaluations/{evaluation.pk}/", data | {"item": "", "text": "直した。"})
    with acting_as(opened.municipality):
        evaluation.refresh_from_db()
        assert (evaluation.item_id, evaluation.text) == (None, "直した。")


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.OFFICER, ""),
        (Role.OFFICER, "mine/"),
        (Role.PLANNER, ""),
        (Role.PLANNER, "board"),
        (Role.PLANNER, "review/"),
        (Role.PLANNER, "standings/"),
        (Role.PLANNER, "evaluations/"),
    ],
)
def test_a_page_is_as_many_queries_with_many_items_as_with_few(
    opened: YearOf, planner: Client, role: Role, path: str
) -> None:
    client = planner if role == Role.PLANNER else browser_of(opened.officer)
    address = {"": HOME, "board": YEAR}.get(path, f"{YEAR}{path}")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    with acting_as(opened.municipality):
        opened.hand_in("1-1-1")
    few = asked()
    with acting_as(opened.municipality):
        above = PlanItem.objects.get(key="1-1")
        department = Department.objects.get(name="広報課")
        for number in range(3, 8):
            item = PlanItem.objects.create(
                plan=above.plan,
                parent=above,
                level=above.plan.levels.get(depth=3),
                key=f"1-1-{number}",
                title=f"項目{number}",
                position=number,
            )
            ItemDepartment.objects.create(item=item, department=department, position=1)
        services.ask_departments(opened.year)
        for key in ("1-1-2", "1-1-3", "1-1-4"):
            opened.hand_in(key)
        services.send_back(opened.report("1-1-3"), "直してください。", opened.planner)
        services.save(opened.report("1-1-5"), 0, WHOLE, opened.officer)
    assert asked() == few
