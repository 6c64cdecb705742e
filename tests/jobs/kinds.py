"""Kinds of long work to try the mechanism on; the worker under test loads this module too."""

import os
import time

from civic.accounts.models import Department, Role
from civic.accounts.rules import ANY_MEMBER, for_roles
from civic.jobs.kinds import JobError, Progress, ResultFile, job_kind

PLANNERS = for_roles("planners", Role.MANAGER, Role.PLANNER)


@job_kind("tests.letter", title="手紙をつくる", rule=PLANNERS)
def letter(progress: Progress, text: str) -> ResultFile:
    progress(50, "書いています")
    return ResultFile("手紙 1.txt", "text/plain; charset=utf-8", text.encode())


@job_kind("tests.own_record", title="自分の記録を書き出す", rule=ANY_MEMBER)
def own_record(progress: Progress) -> ResultFile:
    return ResultFile("record.txt", "text/plain; charset=utf-8", "自分の記録".encode())


@job_kind("tests.steps", title="ひとつずつ進める", rule=PLANNERS)
def steps(progress: Progress, seconds: float, department: str) -> None:
    """Says which process is at work, leaves a department as its effect, and takes its time."""
    Department.objects.create(name=f"{department} {os.getpid()}")
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        progress(int(100 * (1 - left / seconds)), str(os.getpid()))
        time.sleep(0.05)


@job_kind("tests.needs_department", title="課を数える", rule=PLANNERS)
def needs_department(progress: Progress, name: str) -> None:
    Department.objects.create(name="取り消される課")
    if not Department.objects.filter(name=name).exists():
        raise JobError(f"{name}が登録されていません。")


@job_kind("tests.broken", title="こわれている処理", rule=PLANNERS)
def broken(progress: Progress) -> None:
    raise ZeroDivisionError("secret of the machine room")
