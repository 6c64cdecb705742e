"""The directory in a country of municipalities against three of them, a file of groups against bare rows, the guide.

Run as a program with a number of municipalities it fills servers that are thrown away afterwards, and then measures
what it is asked for, a line of standard input each, and answers with the figures as JSON.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

from civic.runtime.throwaway import throwaway_servers
from tests.bench.measurement import Measurement

MUNICIPALITIES, FEW = 1741, 3
GROUPS_EACH = 500
IN_GUIDE = 342
IMPORTED = 10_000
TURNS, IMPORT_TURNS = 15, 3
SLUG = "town-1"
PAGES = (("list", f"/{SLUG}/groups/"), ("search", f"/{SLUG}/groups/?q=子供&field=7"))
# What each of a municipality's groups says, in words as groups use them; every fifth is about children.
FILL = (
    """
    INSERT INTO tenancy_municipality (code, slug, name, name_kana, prefecture, theme, population_label, guild_name,
                                      office_name, office_address, office_phone, office_fax, office_email, website,
                                      source, licence)
    SELECT lpad(n::text, 6, '0'), 'town-' || n, '第' || n || '市', '', '', 'blue', '', '', '', '', '', '', '', '',
           '{}', ''
    FROM generate_series(1, %(municipalities)s) AS n
    """,
    """
    INSERT INTO centres_district (municipality_id, name, position)
    SELECT m.id, '第' || n || '地区', n FROM tenancy_municipality m, generate_series(1, 20) AS n
    """,
    """
    INSERT INTO centres_group (municipality_id, number, name, name_kana, kind, district_id, purpose, description, tags,
                               seeks_members, seeks_volunteers, seeks_partners, looking_for, meeting_day,
                               meeting_place, website, contact_name, contact_name_is_public, address,
                               address_is_public, phone, phone_is_public, fax, fax_is_public, email, email_is_public,
                               is_published, standing, is_sample, source)
    SELECT m.id, n, '第' || n || CASE n %% 5 WHEN 0 THEN '子どもの広場' ELSE '花と緑の会' END, 'だい' || n, 'civic',
           d.id, 'まちの花だんを手入れし、季節の花を植えます。', '', '{花}', n %% 3 = 0, false, false, '',
           '第2日曜日の午前', '地区の公民館', '', '', false, '', false, '000-0000-0000', true, '', false, '', false,
           n <= %(published)s, 'listed', true, '{}'
    FROM tenancy_municipality m, generate_series(1, %(groups)s) AS n
    JOIN LATERAL (SELECT id FROM centres_district WHERE municipality_id = m.id AND position = n %% 20 + 1) AS d ON true
    ORDER BY m.id, n
    """,
    """
    INSERT INTO centres_groupfield (municipality_id, group_id, field)
    SELECT municipality_id, id, field FROM centres_group, LATERAL (VALUES (7), (number %% 6 + 8)) AS its(field)
    """,
)
TABLES = ("centres_district", "centres_group", "centres_groupfield")


def directory() -> list[Measurement]:
    """Return a country's list and search against those of three municipalities, and a file and a guide of groups."""
    with ExitStack() as stack:
        few, country = (stack.enter_context(_filled(count)) for count in (FEW, MUNICIPALITIES))
        pages = _in_turns([few, country], "pages", TURNS)
        written, bare = _in_turns_of_one(few, ("file", "bare rows"), IMPORT_TURNS)
        guide, plain = _in_turns_of_one(few, ("guide", "plain flow"), IMPORT_TURNS)
    measured = [
        Measurement(
            f"directory, {name}: {MUNICIPALITIES:,} municipalities against {FEW}", "<= 1.2", its[1], its[0], "ms"
        )
        for (name, _address), its in zip(PAGES, zip(*pages, strict=True), strict=True)
    ]
    return [
        *measured,
        Measurement(f"a file of {IMPORTED:,} groups against bare bulk_create", "<= 5.0", written, bare, "ms"),
        Measurement(f"guide of {IN_GUIDE} groups beside plain flow", None, guide, plain, "pages/s"),
    ]


Ask = Callable[[str], list[float]]


@contextmanager
def _filled(municipalities: int) -> Iterator[Ask]:
    """A process with servers of its own that hold so many municipalities; asked for something, it measures it."""
    with throwaway_servers() as environment:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.directory", str(municipalities)],
            env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:

            def ask(what: str) -> list[float]:
                process.stdin.write(what + "\n")  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
                answer: list[float] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
                return answer

            ask("ready")
            yield ask
            process.stdin.close()  # type: ignore[union-attr]


def _in_turns(processes: list[Ask], what: str, turns: int) -> list[list[float]]:
    """The medians of what each process measures, in turns so that a noisy machine disturbs all alike."""
    taken = [[ask(what) for ask in processes] for _turn in range(turns)]
    return [
        [statistics.median(figures) for figures in zip(*of_one, strict=True)] for of_one in zip(*taken, strict=True)
    ]


def _in_turns_of_one(ask: Ask, whats: tuple[str, str], turns: int) -> list[float]:
    taken = [[ask(what)[0] for what in whats] for _turn in range(turns)]
    return [statistics.median(figures) for figures in zip(*taken, strict=True)]


# ---- within the process ----


def main(municipalities: int) -> None:
    import django

    django.setup()
    _fill(municipalities)
    measures: dict[str, Callable[[], list[float]]] = {
        "ready": list,
        "pages": _pages,
        "file": _undone(_write_file),
        "bare rows": _undone(_write_bare_rows),
        "guide": _guide,
        "plain flow": _plain_flow,
    }
    for line in sys.stdin:
        print(json.dumps(measures[line.strip()]()), flush=True)


def _fill(municipalities: int) -> None:
    import psycopg
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    owner = connections["owner"].get_connection_params()
    values = {"municipalities": municipalities, "groups": GROUPS_EACH, "published": GROUPS_EACH}
    with psycopg.connect(**{**owner, "cursor_factory": psycopg.ClientCursor}, autocommit=True) as connection:
        # The trail of so many additions is not what is measured.
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in FILL:
            connection.execute(statement, values)
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            connection.execute(f"VACUUM ANALYZE {table}")
        connection.execute(
            "UPDATE centres_group SET is_published = number <= %s WHERE municipality_id = "
            "(SELECT id FROM tenancy_municipality WHERE slug = 'town-2')",
            [IN_GUIDE],
        )


def _milliseconds(done: Callable[[], object]) -> float:
    began = time.perf_counter()
    done()
    return (time.perf_counter() - began) * 1000


def _pages() -> list[float]:
    """Each page made anew, as for a visitor who is to be told something."""
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.cookies["messages"] = "none"

    def visit(address: str) -> None:
        if browser.get(address).status_code != 200:
            raise RuntimeError(f"{address} is not there.")

    return [_milliseconds(lambda address=address: visit(address)) for _name, address in PAGES]  # type: ignore[misc]


def _undone(measure: Callable[[], float]) -> Callable[[], list[float]]:
    """What is written while it is measured is taken back."""

    def measured() -> list[float]:
        from django.db import transaction

        from civic.tenancy.context import acting_as
        from civic.tenancy.models import Municipality

        with acting_as(Municipality.objects.get(slug="town-3")):
            taken = [measure()]
            transaction.set_rollback(True)
        return taken

    return measured


def _rows() -> list[list[Any]]:
    return [
        [
            f"第{n}号の会",
            "だい",
            "市民活動団体",
            "環境の保全；まちづくり",
            "花",
            "第1地区",
            "花を植えます。",
            "083-000-0001",
        ]
        for n in range(IMPORTED)
    ]


def _write_file() -> float:
    """A file from its bytes to its rows in the database, as the job that writes it does."""
    from centres.directory import services
    from centres.models import GroupImport
    from centres.registration.services import bring_register
    from civic.accounts.models import User

    content, digest = _checked_file()
    by = User.objects.create_user("bench@example.jp")
    sent = GroupImport.objects.create(filename="団体.xlsx", content=content, digest=digest, read_by=by)
    return _milliseconds(lambda: services.write_file(sent, lambda done, total: None, bring_register))


@cache
def _checked_file() -> tuple[bytes, str]:
    """The file, and what its check keeps of it: the same in each turn, since what a turn writes is taken back."""
    from centres.directory import exchange
    from civic.spreadsheets import as_workbook

    headings = ["団体名", "団体名（かな）", "種別", "活動分野", "タグ", "地区", "活動の目的", "電話"]
    content = as_workbook("団体", ["団体番号", *headings], [[None, *row] for row in _rows()])
    resource, _outcome = exchange.read(content)
    return content, exchange.digest(resource)


def _write_bare_rows() -> float:
    from centres.models import District, Group, GroupField

    district = District.objects.get(name="第1地区")
    groups = [
        Group(
            number=10**6 + number,
            name=name,
            name_kana=kana,
            kind="civic",
            tags=[tag],
            district=district,
            purpose=purpose,
            phone=phone,
        )
        for number, (name, kana, _kind, _fields, tag, _district, purpose, phone) in enumerate(_rows())
    ]

    def write() -> None:
        Group.objects.bulk_create(groups, batch_size=1000)
        fields = [GroupField(group=group, field=field) for group in groups for field in (3, 7)]
        GroupField.objects.bulk_create(fields, batch_size=1000)

    return _milliseconds(write)


def _guide() -> list[float]:
    """Pages a second."""
    from centres.directory.guide import render_guide
    from civic.tenancy.context import acting_as
    from civic.tenancy.models import Municipality

    with acting_as(Municipality.objects.get(slug="town-2")):
        began = time.perf_counter()
        guide = render_guide(lambda percent, words: None)
        return [guide.pages / (time.perf_counter() - began)]


def _plain_flow() -> list[float]:
    """The same, of the groups' words in paragraphs alone: no page numbers to look up, nothing kept together."""
    from centres.queries import public_groups
    from civic.printing import lay_out, write_pdf
    from civic.tenancy.context import acting_as
    from civic.tenancy.models import Municipality

    with acting_as(Municipality.objects.get(slug="town-2")):
        began = time.perf_counter()
        paragraphs = "".join(
            f"<p>{group.name}</p><p>{group.name_kana}</p><p>{group.purpose}</p><p>{group.meeting_day}</p>"
            for group in public_groups()
        )
        title = "<title>plain</title>"
        document = lay_out(f'<html lang="ja"><head>{title}</head><body>{paragraphs}</body></html>', "css/guide.css")
        write_pdf(document)
        return [len(document.pages) / (time.perf_counter() - began)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
