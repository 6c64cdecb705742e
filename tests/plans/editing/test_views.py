"""A planner changes a plan in the browser, without JavaScript."""

import io
import re
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.editing.document import NO_CONTENT, NO_ORIGIN, read, read_content
from plans.editing.storing import store
from plans.loading import load
from plans.models import Plan, PlanImport
from tests.conftest import SignIn
from tests.fixtures.documents import FIXTURES

PLANS = [("shimonoseki", "5th"), ("shimonoseki", "3rd"), ("yamaguchi", "first"), ("nagato", "second")]
EDIT = "/shimonoseki/office/plans/sample/edit/"
ITEM = f"{EDIT}items/1-1-1/"


@pytest.fixture
def browser_of(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.PLANNER)


def fields(html: str) -> dict[str, list[str] | str]:
    """What a browser would send of the page's last form, nothing typed or clicked."""
    form = html[html.rindex('<form class="form"') :]
    sent: dict[str, list[str] | str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        name, value = attributes.get("name"), unescape(attributes.get("value", "on" if "checkbox" in tag else ""))
        if name:
            sent.setdefault(name, [])
            sent[name].append(value)  # type: ignore[union-attr]
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        sent[name] = unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', options) or re.findall(
            r'value="([^"]*)"', options
        )
        sent[name] = chosen[0]
    return sent


def test_the_editor_shows_the_tree_with_its_ways(plan: Plan, browser_of: Client) -> None:
    html = browser_of.get(EDIT).content.decode()
    for words in ("冊子の作成", "冊子をつくる", "【再掲】", "おもな場所：施策1 ①", "いちばん上の階層に加える"):
        assert words in html
    assert f'formaction="{EDIT}places/2-1-1/shift/"' in html


def test_the_editor_is_a_fixed_number_of_queries(plan: Plan, browser_of: Client) -> None:
    browser_of.get(EDIT)
    with CaptureQueriesContext(connection) as few:
        browser_of.get(EDIT)
    for number in range(12):
        browser_of.post(f"{EDIT}add/?under=1-1", {"title": f"項目{number}"})
        browser_of.post(f"{EDIT}items/1-1-{number + 3}/retire/", _retiring()) if number % 3 == 0 else None
    with CaptureQueriesContext(connection) as many:
        browser_of.get(EDIT)
    assert len(many) == len(few)


def _retiring() -> dict[str, str]:
    return {"on_year": "2026", "on_month": "4", "on_day": "1", "reason": "終わった"}


def test_a_form_sent_as_it_came_changes_nothing(plan: Plan, browser_of: Client) -> None:
    """Every item's form carries all that the item says."""
    before = read(plan)
    for item in plan.items.all():
        sent = fields(browser_of.get(f"{EDIT}items/{item.key}/").content.decode())
        assert browser_of.post(f"{EDIT}items/{item.key}/", sent).status_code == 302
    assert read(plan) == before
    assert set(plan.items.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize(("slug", "real"), PLANS)
def test_a_real_plans_forms_sent_as_they_came_change_nothing(slug: str, real: str, signed_in: SignIn) -> None:
    municipality = Municipality.objects.get(slug=slug)
    with acting_as(municipality):
        load(FIXTURES / slug)
        Plan.objects.update(status="draft")
        found = Plan.objects.get(slug=real)
        before, keys = read(found), list(found.items.values_list("key", flat=True))
    browser = signed_in(municipality, Role.PLANNER)
    pages = [f"items/{key}" for key in keys] + ["about", "levels", "lists", "texts", "terms", "kpis"]
    for page in pages:
        url = f"/{slug}/office/plans/{real}/edit/{page}/"
        response = browser.post(url, fields(browser.get(url).content.decode()))
        assert response.status_code == 302, page
    with acting_as(municipality):
        assert read(found) == before


def test_yamaguchis_sheets_are_entered_by_hand(yamaguchi: Municipality, signed_in: SignIn) -> None:
    """Scenario 6: 47 sheets and the 5 second places of theirs, typed into a plan that has nothing but titles."""
    with acting_as(yamaguchi):
        load(FIXTURES / "yamaguchi")
        Plan.objects.update(status="draft")
        source = Plan.objects.get(slug="first")
        wanted = read(source)
        empty = Plan.objects.create(slug="empty", first_fiscal_year=2009, last_fiscal_year=2017)
        blank = [
            place if place["relists"] else place | NO_CONTENT | {"title": place["title"]} for place in wanted["places"]
        ]
        store(empty, wanted | {"places": blank, "indicators": []})
        sheets = {place["key"]: place for place in wanted["places"] if place.get("sheet")}
    browser = signed_in(yamaguchi, Role.PLANNER)
    for key in sheets:
        printed = fields(browser.get(f"/yamaguchi/office/plans/first/edit/items/{key}/").content.decode())
        url = f"/yamaguchi/office/plans/empty/edit/items/{key}/"
        blank_form = fields(browser.get(url).content.decode())
        assert browser.post(url, printed | {"base": blank_form["base"]}).status_code == 302
    with acting_as(yamaguchi):
        entered = {place["key"]: place for place in read(empty)["places"] if place.get("sheet")}
        assert len(entered) + empty.relistings.count() == 52
        for key, place in sheets.items():
            assert entered[key] == place | NO_ORIGIN


@pytest.mark.parametrize("page", ["about", "levels", "lists", "texts", "terms", "kpis"])
def test_the_plans_forms_sent_as_they_came_change_nothing(plan: Plan, browser_of: Client, page: str) -> None:
    before = read(plan)
    response = browser_of.post(f"{EDIT}{page}/", fields(browser_of.get(f"{EDIT}{page}/").content.decode()))
    assert response.status_code == 302, response.content.decode()
    assert read(plan) == before


def test_a_kpi_is_written_with_its_baseline_and_targets(plan: Plan, browser_of: Client) -> None:
    page = f"{EDIT}kpis/"
    sent = fields(browser_of.get(page).content.decode())
    sent |= {"indicators-1-baseline_value": "2", "indicators-1-baseline_fiscal_year": "2023"}
    sent |= {"indicators-1-fiscal_year1": "2026", "indicators-1-value1": "3", "indicators-1-baseline_printed": ""}
    sent |= {"indicators-2-name": "会員数", "indicators-2-unit": "人", "indicators-2-item": "1-1"}
    sent |= {"indicators-2-fiscal_year0": "2028", "indicators-2-value0": "1200"}
    assert browser_of.post(page, sent).status_code == 302
    _participants, matches, new = read(plan)["indicators"]
    assert (matches["key"], matches["baseline_value"], matches["baseline_printed"]) == ("matches", "2", "2件")
    assert [(t["fiscal_year"], t["value"], t["printed"]) for t in matches["targets"]] == [
        (2026, "3", "3件"),
        (2028, "5", "5件"),
    ]
    assert (new["key"], new["series"], new["item"], new["unit"]) == ("kpi-1", "sample-kpi-1", "1-1", "人")
    assert [(t["label"], t["printed"]) for t in new["targets"]] == [("令和10年度", "1,200人")]


def test_a_new_plans_kpi_goes_on_with_the_series_of_an_earlier_one(plan: Plan, browser_of: Client) -> None:
    following = Plan.objects.create(slug="next", title="つぎの計画", first_fiscal_year=2029, last_fiscal_year=2033)
    page = "/shimonoseki/office/plans/next/edit/kpis/"
    sent = fields(browser_of.get(page).content.decode())
    sent |= {"indicators-0-name": "参加者の数", "indicators-0-series": "participants"}
    assert browser_of.post(page, sent).status_code == 302
    (kpi,) = read(following)["indicators"]
    assert (kpi["series"], kpi["unit"], kpi["targets"]) == ("participants", "人", [])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"indicators-0-name": ""}, "入力してください。"),
        ({"indicators-2-name": "会員数"}, "新しい指標には、単位が要ります。"),
        ({"indicators-2-unit": "人"}, "入力してください。"),
        ({"indicators-1-fiscal_year1": "2026"}, "年度と値の両方"),
        ({"indicators-1-fiscal_year1": "2028", "indicators-1-value1": "7"}, "同じ年度の目標値が二つ"),
    ],
)
def test_a_kpi_that_is_not_whole_is_said_by_its_field(
    plan: Plan, browser_of: Client, wrong: dict[str, str], said: str
) -> None:
    before = read(plan)
    page = f"{EDIT}kpis/"
    response = browser_of.post(page, fields(browser_of.get(page).content.decode()) | wrong)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert read(plan) == before


def test_an_item_is_edited(plan: Plan, browser_of: Client) -> None:
    sent = fields(browser_of.get(ITEM).content.decode())
    sent |= {"title": "冊子と地図", "text_2027": "見直し", "departments": "広報課\r\n観光課"}
    sent |= {"texts-0-kind": "aim", "texts-0-heading": "ねらい", "texts-0-body": "一\r\n二"}
    response = browser_of.post(ITEM, sent)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{EDIT}#item-1-1-1"
    content = read_content(plan.items.get(key="1-1-1"))
    assert content["title"] == "冊子と地図"
    assert content["schedule"]["2027"] == {"text": "見直し", "arrow": False}
    assert content["departments"] == ["広報課", "観光課"]
    assert content["texts"][0]["body"] == "一\n二"


def test_rows_are_put_in_order_and_left_out(plan: Plan, browser_of: Client) -> None:
    url = f"{EDIT}items/1/"
    sent = fields(browser_of.get(url).content.decode())
    sent |= {"roles-0-ORDER": "2", "roles-1-ORDER": "1", "texts-0-DELETE": "on"}
    assert browser_of.post(url, sent).status_code == 302
    content = read_content(plan.items.get(key="1"))
    assert [row["title"] for row in content["roles"]] == ["会場の提供", "情報の発信"]
    assert content["roles"][0]["source_note"] == "「会場」を補った。"
    assert content["texts"] == []


def test_the_second_of_two_planners_sees_both_versions_and_loses_nothing(plan: Plan, browser_of: Client) -> None:
    """Scenario 5, in the browser."""
    first, second = (fields(browser_of.get(ITEM).content.decode()) for _who in range(2))
    assert browser_of.post(ITEM, {**first, "title": "先の人の名", "purpose": "先の人の目的"}).status_code == 302
    response = browser_of.post(ITEM, {**second, "title": "後の人の名", "content": "後の人の内容"})
    html = response.content.decode()
    assert response.status_code == 409
    assert read_content(plan.items.get(key="1-1-1"))["title"] == "先の人の名"
    for words in ("ほかの人がこの項目を保存しました", "先の人の名", "先の人の目的"):
        assert words in html
    again = fields(html)
    assert (again["title"], again["purpose"], again["content"]) == (["後の人の名"], "先の人の目的", "後の人の内容")
    assert browser_of.post(ITEM, again).status_code == 302
    content = read_content(plan.items.get(key="1-1-1"))
    assert content["title"] == "後の人の名"
    assert (content["sheet"]["purpose"], content["sheet"]["content"]) == ("先の人の目的", "後の人の内容")


def test_the_second_is_told_who_the_first_was(folder: Path, signed_in: SignIn, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        load(folder)
    browser = signed_in(shimonoseki, Role.PLANNER)
    first, second = (fields(browser.get(ITEM).content.decode()) for _who in range(2))
    browser.post(ITEM, {**first, "title": "先の人の名"})
    assert "保存した人：計画担当の人" in browser.post(ITEM, {**second, "title": "後の人の名"}).content.decode()


def test_the_second_who_saves_terms_is_shown_what_the_first_saved(plan: Plan, browser_of: Client) -> None:
    url = f"{EDIT}terms/"
    first, second = (fields(browser_of.get(url).content.decode()) for _who in range(2))
    browser_of.post(url, {**first, "terms-0-body": "先の人の説明"})
    response = browser_of.post(url, {**second, "terms-0-body": "後の人の説明"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "先の人の説明" in html
    assert fields(html)["terms-0-body"] == "後の人の説明"
    assert plan.terms.get().body == "先の人の説明"
    browser_of.post(url, fields(html))
    assert plan.terms.get().body == "後の人の説明"


def test_what_was_typed_is_not_lost_where_the_revision_ended_meanwhile(plan: Plan, browser_of: Client) -> None:
    sent = fields(browser_of.get(ITEM).content.decode())
    Plan.objects.update(status="in_force")
    response = browser_of.post(ITEM, {**sent, "purpose": "打ちかけの目的"})
    assert response.status_code == 400
    assert "打ちかけの目的" in response.content.decode()
    assert "改定をはじめてから" in response.content.decode()
    moved = browser_of.post(f"{EDIT}places/1-1-1/shift/", {"by": "down"}, follow=True)
    assert "改定をはじめてから" in moved.content.decode()


@pytest.mark.parametrize("base", ["", "x", "eyJ2IjoxfQ:1:2"])
def test_a_form_whose_beginning_was_tampered_with_is_refused(plan: Plan, browser_of: Client, base: str) -> None:
    sent = fields(browser_of.get(ITEM).content.decode())
    assert browser_of.post(ITEM, {**sent, "base": base}).status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "長" * 301),
        ("title", "音\x0bと"),
        ("text_2024", "長" * 201),
        ("departments", "長" * 101),
        ("pillars", "ない柱"),
        ("texts-0-kind", "unknown"),
        ("roles-0-title", ""),
    ],
)
def test_what_was_typed_stays_and_the_error_stands_by_its_field(
    plan: Plan, browser_of: Client, name: str, value: str
) -> None:
    sent = fields(browser_of.get(ITEM).content.decode()) | {"purpose": "打ちかけの目的", "roles-0-actors": ["市"]}
    sent |= {"roles-0-title": "印刷", "texts-0-body": "本文", name: value}
    response = browser_of.post(ITEM, sent)
    html = response.content.decode()
    assert response.status_code == 400
    assert "打ちかけの目的" in html
    assert "field__errors" in html
    assert plan.items.get(key="1-1-1").version == 1


@pytest.mark.parametrize("pattern", ["{arabic", "{kanji}", "}{"])
def test_a_numbering_that_stands_for_nothing_is_refused(plan: Plan, browser_of: Client, pattern: str) -> None:
    url = f"{EDIT}levels/"
    sent = fields(browser_of.get(url).content.decode()) | {"levels-0-numbering": pattern}
    assert browser_of.post(url, sent).status_code == 400


def test_only_the_innermost_level_goes(plan: Plan, browser_of: Client) -> None:
    url = f"{EDIT}levels/"
    sent = fields(browser_of.get(url).content.decode())
    response = browser_of.post(url, {**sent, "levels-0-DELETE": "on"})
    assert "いちばん下の階層だけ" in response.content.decode()
    response = browser_of.post(url, {**sent, "levels-2-DELETE": "on"})
    assert "項目のある階層は" in response.content.decode()
    assert browser_of.post(url, {**sent, "levels-3-name": "細目", "levels-3-numbering": "○"}).status_code == 302
    assert list(plan.levels.values_list("name", flat=True)) == ["方針", "施策", "項目", "細目"]


def test_the_tree_is_changed_by_plain_forms(plan: Plan, browser_of: Client) -> None:
    def post(path: str, **sent: object) -> int:
        return browser_of.post(f"{EDIT}{path}", sent).status_code

    assert post("add/?under=1-2", title="新しい項目") == 302
    assert post("places/1-1-1/shift/", by="down") == 302
    assert post("places/2-1-1/shift/", by="down") == 302
    assert post("items/1-1-1/move/", parent="1-2") == 302
    assert post("items/1-1-2/relist/", parent="1-2", title="講座（再び）", marked="on") == 302
    assert post("relistings/1-2-2/", title="講座を再び") == 302
    assert post("items/2-1-2/split/", titles="大きい部屋\n小さい部屋") == 302
    assert post("items/2-1-3/merge/", others=["2-1-4"]) == 302
    assert post("items/1-1/retire/", **_retiring()) == 302
    assert post("items/1-1/restore/") == 302
    assert post("relistings/2-1-1/remove/") == 302
    html = re.sub(r"<[^>]+>|\s+", " ", browser_of.get(EDIT).content.decode())
    found = [
        words for words in ("新しい項目", "冊子の作成", "講座を再び", "大きい部屋", "取り下げた項目") if words in html
    ]
    assert found == ["新しい項目", "冊子の作成", "講座を再び", "大きい部屋", "取り下げた項目"]
    assert {row.key for row in plan.items.exclude(retired_on=None)} == {"2-1-2", "2-1-4"}


def test_what_cannot_be_is_said_and_what_was_chosen_stays(plan: Plan, browser_of: Client) -> None:
    response = browser_of.post(f"{EDIT}items/1-1/move/", {"parent": "1-1-2"})
    assert response.status_code == 400
    response = browser_of.post(f"{EDIT}items/1/move/", {"parent": "1-1"})
    assert "その項目自身の下へは移せません" in response.content.decode()
    assert 'value="1-1" selected' in response.content.decode()


def test_an_adopted_plan_is_revised_in_the_browser(plan: Plan, browser_of: Client) -> None:
    office = "/shimonoseki/office/plans/sample/"
    day = {"decided_on_year": "2026", "decided_on_month": "3", "decided_on_day": "31"}
    assert browser_of.post(f"{office}status/", day).status_code == 302
    assert browser_of.get(ITEM).status_code == 302
    assert "改定をはじめて" in browser_of.get(EDIT).content.decode()
    assert browser_of.post(f"{office}revisions/start/", {**day, "reason": "中間見直し"}).status_code == 302
    assert browser_of.post(f"{EDIT}add/?under=1-1", {"title": "展示"}).status_code == 302
    assert browser_of.post(f"{office}revisions/finish/").status_code == 302
    listed = browser_of.get(f"{office}revisions/").content.decode()
    assert "策定" in listed
    assert "中間見直し" in listed
    compared = browser_of.get(f"{office}revisions/compare/?from=0&to=1").content.decode()
    assert "展示" in compared
    assert "加わる" in compared
    at_first = browser_of.get(f"{office}revisions/compare/").content.decode()
    assert "展示" in at_first, "the first revision and now, as the form says"
    assert "ちがいはありません" in browser_of.get(f"{office}revisions/compare/?from=1&to=now").content.decode()
    for wrong in ("7", "x", "-1", "²", "9" * 40):
        assert browser_of.get(f"{office}revisions/compare/?from={wrong}").status_code == 404


def test_a_copy_is_made_in_the_browser(plan: Plan, browser_of: Client) -> None:
    url = "/shimonoseki/office/plans/sample/copy/"
    wanted = {"slug": "next", "title": "次の計画", "first_fiscal_year": "2029", "last_fiscal_year": "2033"}
    for name, value in (("slug", "sample"), ("slug", "次"), ("last_fiscal_year", "2028"), ("first_fiscal_year", "29")):
        assert browser_of.post(url, {**wanted, name: value}).status_code == 400
    response = browser_of.post(url, wanted)
    assert response.headers["Location"] == "/shimonoseki/office/plans/next/edit/"
    assert browser_of.get(response.headers["Location"]).status_code == 200


def test_a_file_goes_out_and_comes_back_in_the_browser(plan: Plan, browser_of: Client) -> None:
    office = "/shimonoseki/office/plans/sample/"
    out = browser_of.get(f"{office}plan.xlsx")
    assert out.headers["Content-Disposition"] == 'attachment; filename="sample.xlsx"'
    book = load_workbook(io.BytesIO(out.content))
    book["項目"]["D3"] = ""
    response = browser_of.post(f"{office}import/", {"file": _upload(book)})
    assert response.status_code == 400
    for words in ("直すところが1か所", "項目名", "空欄です"):
        assert words in response.content.decode()
    book["項目"]["D3"] = "とても広く伝える"
    response = browser_of.post(f"{office}import/", {"file": _upload(book)}, follow=True)
    html = response.content.decode()
    assert "とても広く伝える" in html
    assert "まだ計画は変わっていません" in html
    assert plan.items.get(key="1-1").title == "広く伝える"
    assert "すべて計画に入れました" in browser_of.post(f"{office}import/check/", follow=True).content.decode()
    assert plan.items.get(key="1-1").title == "とても広く伝える"
    assert not PlanImport.objects.exists()


def _upload(book: object, name: str = "plan.xlsx") -> SimpleUploadedFile:
    file = io.BytesIO()
    book.save(file)  # type: ignore[attr-defined]
    return SimpleUploadedFile(name, file.getvalue())


def test_a_file_is_read_and_left(plan: Plan, browser_of: Client) -> None:
    office = "/shimonoseki/office/plans/sample/"
    text = browser_of.get(f"{office}items.csv").content.decode("utf-8-sig").replace("講座", "市民講座")
    browser_of.post(f"{office}import/", {"file": SimpleUploadedFile("items.csv", text.encode())})
    assert "市民講座" in browser_of.get(f"{office}import/check/").content.decode()
    assert "変わっていません" in browser_of.post(f"{office}import/discard/", follow=True).content.decode()
    assert plan.items.get(key="1-1-2").title == "講座"
    assert browser_of.get(f"{office}import/check/").status_code == 404


@pytest.mark.parametrize("name", ["plan.xls", "plan", "x" * 201 + ".csv"])
def test_a_file_of_another_kind_is_refused(plan: Plan, browser_of: Client, name: str) -> None:
    response = browser_of.post("/shimonoseki/office/plans/sample/import/", {"file": SimpleUploadedFile(name, b"a")})
    assert response.status_code == 400


def test_a_retired_items_address_says_when_why_and_where_to(
    plan: Plan, browser_of: Client, client: Client, shimonoseki: Municipality
) -> None:
    browser_of.post(f"{EDIT}items/1-1-1/split/", {"titles": "冊子\n地図"})
    browser_of.post(f"{EDIT}items/1-1-2/retire/", _retiring())
    Plan.objects.update(status="in_force")
    page = client.get("/shimonoseki/plans/sample/items/1-1-2/")
    assert page.status_code == 410
    assert "終わった" in page.content.decode()
    assert "令和8年4月1日" in page.content.decode()
    assert (
        'href="/shimonoseki/plans/sample/items/1-1-3/">冊子'
        in client.get("/shimonoseki/plans/sample/items/1-1-1/").content.decode()
    )
    assert "講座" not in client.get("/shimonoseki/plans/sample/").content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OFFICER, Role.COUNCIL])
def test_others_of_the_office_read_and_do_not_write(
    plan: Plan, signed_in: SignIn, shimonoseki: Municipality, role: Role
) -> None:
    person = signed_in(shimonoseki, role)
    assert person.get(EDIT).status_code == 403
    assert person.post(f"{EDIT}add/", {"title": "足す"}).status_code == 403
    assert person.get("/shimonoseki/office/plans/sample/plan.xlsx").status_code == 200
    assert "編集する" not in person.get("/shimonoseki/office/plans/").content.decode()


def test_another_municipalitys_planner_finds_nothing(plan: Plan, signed_in: SignIn, nagato: Municipality) -> None:
    stranger = signed_in(nagato, Role.PLANNER)
    for path in (EDIT, ITEM):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code in (404, 405)
