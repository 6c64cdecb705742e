"""A small plan in the form of fixtures/README.md, with one of everything that plans have."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

SOURCE = {"file": "sample.txt", "place": "全体", "note": "見本"}
KPI = {
    "key": "participants",
    "name": "参加者数",
    "answer": None,
    "series": "participants",
    "unit": "人",
    "decimals": 0,
    "direction": "increase",
    "definition": None,
    "baseline": {"label": "令和5年度", "fiscal_year": 2023, "value": "1200", "printed": "1,200人"},
    "targets": [
        {"label": "令和8年度", "fiscal_year": 2026, "value": "1600", "printed": "1,600人"},
        {"label": "令和10年度", "fiscal_year": 2028, "value": "2000", "printed": "2,000人"},
    ],
    "note": "のべ人数",
    "restored": False,
    "source_note": None,
}
NEW_KPI = {
    **KPI,
    "key": "matches",
    "series": "matches",
    "name": "紹介の件数",
    "answer": "紹介した",
    "unit": "件",
    "baseline": {"label": "令和5年度", "fiscal_year": 2023, "value": None, "printed": "- ※新規"},
    "targets": [{"label": "令和10年度", "fiscal_year": 2028, "value": "5", "printed": "5件"}],
    "note": None,
}
SHEET = {
    "departments": ["広報課", "協働課"],
    "implementers": "行政",
    "audience": ["市民", "その他"],
    "audience_other": "来訪者",
    "purpose": "目的の一。\n目的の二。",
    "situation": "課題。",
    "content": "内容。",
    "completion": "できたときに完了とします。",
    "tag": "【大綱】",
    "schedule": [
        {"fiscal_year": 2024, "text": "検討"},
        {"fiscal_year": 2025, "text": "実施", "arrow": True},
        {"fiscal_year": 2026, "text": None, "arrow": True},
        {"fiscal_year": 2027, "text": None},
    ],
}
RECORD: dict[str, Any] = {
    "source": SOURCE,
    "slug": "sample",
    "title": "見本の計画",
    "subtitle": None,
    "slogan": "つながる",
    "publisher": "見本市",
    "published": None,
    "status": "in_force",
    "first_fiscal_year": 2024,
    "last_fiscal_year": 2028,
    "texts": [{"kind": "purpose", "heading": "１ 目的", "body": ["第一の段落。", "第二の段落。"]}],
    "levels": [
        {"name": "方針", "numbering": "{roman}", "continues": False},
        {"name": "施策", "numbering": "施策{arabic}", "continues": True},
        {"name": "項目", "numbering": "{circled}", "continues": False},
    ],
    "pillars": ["再生", "活性化"],
    "audiences": ["市民", "団体", "その他"],
    "actors": ["市民", "市"],
    "schedule_years": [2024, 2025, 2026, 2027],
    "items": [
        {
            "key": "1",
            "number": "Ⅰ",
            "title": "知らせる",
            "texts": [{"kind": "aim", "heading": "ねらい", "body": ["知ってもらう。"]}],
            "indicators": ["participants"],
            "children": [
                {
                    "key": "1-1",
                    "number": "施策1",
                    "title": "広く伝える",
                    "pillars": ["活性化", "再生"],
                    "children": [
                        {
                            "key": "1-1-1",
                            "number": "①",
                            "title": "冊子の作成",
                            "emphasis": True,
                            "sheet": SHEET,
                            "restored": True,
                            "source_note": "「冊子」を補った。",
                            "source": {"file": "sample.txt", "place": "3ページ"},
                            "children": [],
                        },
                        {"key": "1-1-2", "number": "②", "title": "講座", "children": []},
                    ],
                },
                {"key": "1-2", "number": "施策2", "title": "深く伝える", "children": []},
            ],
        },
        {
            "key": "2",
            "number": "Ⅱ",
            "title": "支える",
            "children": [
                {
                    "key": "2-1",
                    "number": "施策3",
                    "title": "場をつくる",
                    "children": [
                        {
                            "key": "2-1-1",
                            "number": "①",
                            "relists": "1-1-1",
                            "title": "冊子をつくる",
                            "marked": True,
                            "source_note": "言い回しが異なる。",
                        },
                        {"key": "2-1-2", "number": "②", "title": "部屋", "children": []},
                    ],
                }
            ],
        },
    ],
    "indicators": [KPI, NEW_KPI],
    "roles": [
        {
            "item": "1",
            "rows": [
                {"title": "情報の発信", "cells": ["市民", "市"]},
                {"title": "会場の提供", "cells": ["市"], "restored": True, "source_note": "「会場」を補った。"},
            ],
        }
    ],
    "terms": [{"mark": "注1", "term": "協働", "body": "ともに働くこと。"}],
}


def write_plan(folder: Path, **changes: Any) -> Path:
    """Write the sample plan, with some of its fields changed, into a folder; return the folder."""
    record = deepcopy(RECORD) | changes
    (folder / f"plan-{record['slug']}.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return folder
