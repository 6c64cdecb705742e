"""Long work on the directory."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centres.directory import exchange, services
from centres.models import GroupImport
from centres.registration.services import bring_register
from centres.rules import KEEPS_DIRECTORY
from civic.accounts.models import User
from civic.jobs.kinds import JobError, Progress, ResultFile, job_kind
from civic.spreadsheets import CSV, TooLongForACell
from civic.tenancy.urls import tenant_reverse
from civic.workbooks import XLSX


def _told(progress: Progress, words: str) -> services.Told:
    def told(done: int, total: int) -> None:
        progress(
            done * 90 // total, _("%(words)s（%(done)s／%(total)s行）") % {"words": words, "done": done, "total": total}
        )

    return told


def _sent(import_id: int) -> GroupImport:
    try:
        return GroupImport.objects.get(pk=import_id)
    except GroupImport.DoesNotExist:
        raise JobError(_("このファイルは、取り消されたか、別のファイルに置きかえられました。")) from None


@job_kind(
    services.CHECK_FILE,
    title=gettext_lazy("団体のファイルを確かめる"),
    rule=KEEPS_DIRECTORY,
    page=lambda import_id: tenant_reverse("centres:group_import_check"),
)
def check_file(progress: Progress, import_id: int) -> None:
    """See what a file of groups would change, and what is wrong with it."""
    services.check_file(_sent(import_id), _told(progress, _("確かめています")))


@job_kind(
    services.WRITE_FILE,
    title=gettext_lazy("団体のファイルを書きこむ"),
    rule=KEEPS_DIRECTORY,
    page=lambda import_id: tenant_reverse("centres:office_group_list"),
)
def write_file(progress: Progress, import_id: int) -> None:
    """Write a file of groups, all of it or nothing."""
    services.write_file(_sent(import_id), _told(progress, _("読んでいます")), bring_register)


@job_kind(services.EXPORT, title=gettext_lazy("団体の台帳をファイルにする"), rule=KEEPS_DIRECTORY)
def export(progress: Progress, form: str) -> ResultFile:
    """Write the whole directory to a file; `form` is xlsx or csv."""
    progress(10, _("書き出しています"))
    name = f"groups-{timezone.localdate():%Y%m%d}.{form}"
    if form == "csv":
        return ResultFile(name, CSV, exchange.exported_csv())
    try:
        return ResultFile(name, XLSX, exchange.exported_xlsx())
    except TooLongForACell as too_long:
        raise JobError(str(too_long)) from too_long


@job_kind(
    services.GUIDE,
    title=gettext_lazy("市民活動ガイドブックを作る"),
    rule=KEEPS_DIRECTORY,
    page=lambda by: tenant_reverse("centres:guide"),
)
def make_guide(progress: Progress, by: int) -> None:
    """Print the guide to the public groups; `by` is who asked for it."""
    services.make_guide(progress, by=User.objects.get(pk=by))
