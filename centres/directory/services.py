"""Keeping the directory: each function is one thing that happens, in one transaction."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.directory import exchange
from centres.directory.guide import GuideProgress, render_guide
from centres.directory.resources import DISTRICTS, FIELDS, UNTIL, GroupResource
from centres.models import CouncilProfile, District, Group, GroupDistrict, GroupField, GroupImport, Guidebook
from civic.accounts.models import Membership, User
from civic.jobs import services as jobs
from civic.jobs.kinds import JobError
from civic.jobs.models import Job
from civic.tenancy.context import current_municipality
from civic.tenancy.models import Municipality

Told = Callable[[int, int], None]
"""Told how many of how many rows are read."""
Register = Callable[[Sequence[Group], User], None]
"""Registers groups since their `registered_on` until their `registered_until`, as somebody wants it."""
CHECK_FILE = "centres.check_groups_file"
WRITE_FILE = "centres.write_groups_file"
EXPORT = "centres.export_groups"
GUIDE = "centres.guide"
BATCH = 1000
DAYS_KEPT = 7
"""How long a file that nobody decided about is kept, in days: it holds contacts that are not public."""


def next_number() -> int:
    """Return the number of the next new group. Called in the transaction that makes it.

    Two that are made at once would reckon with the same last number: the later waits for the earlier.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=current_municipality().pk)
    return (Group.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def keep_group(group: Group, *, fields: Collection[int], active_districts: Collection[District]) -> Group:
    """Write what a member of staff entered of a group; one without a number is new and gets the next."""
    if group.number is None:
        group.number = next_number()
    group.save()
    group.fields.exclude(field__in=fields).delete()
    GroupField.objects.bulk_create([GroupField(group=group, field=field) for field in fields], ignore_conflicts=True)
    group.in_districts.exclude(district__in=active_districts).delete()
    GroupDistrict.objects.bulk_create(
        [GroupDistrict(group=group, district=district) for district in active_districts], ignore_conflicts=True
    )
    return group


def keep_area(profile: CouncilProfile, *, origin: str) -> None:
    """Write how many people live in a council's area, and where that is printed; their share of elderly is reckoned."""
    share = Decimal(profile.elderly) * 100 / profile.population
    profile.elderly_rate = share.quantize(Decimal("0.01"), ROUND_HALF_UP)
    profile.source = {"place": origin}
    profile.save()


# ---- files ----


@transaction.atomic
def read_file(filename: str, content: bytes, *, by: Membership) -> Job:
    """Take a file of groups, in the place of one that the same person sent before, and have it checked."""
    GroupImport.objects.filter(read_by=by.user).delete()
    sent = GroupImport.objects.create(filename=filename, content=content, read_by=by.user)
    return jobs.start(CHECK_FILE, {"import_id": sent.pk}, requested_by=by, title=_("確かめる：%s") % filename)


def discard_file(sent: GroupImport) -> None:
    """Forget a file of groups without writing it."""
    sent.delete()


def discard_old_files() -> None:
    """Forget the files about which nobody decided in time."""
    GroupImport.objects.filter(read_at__lt=timezone.now() - timedelta(days=DAYS_KEPT)).delete()


def check_file(sent: GroupImport, told: Told) -> None:
    """Keep what a file would change, or what is wrong with it."""
    resource, outcome = exchange.read(bytes(sent.content), told)
    sent.outcome = outcome.as_json()
    sent.digest = exchange.digest(resource)
    sent.save(update_fields=["outcome", "digest"])


def confirm_file(sent: GroupImport, *, by: Membership) -> Job:
    """Have a file written whose changes somebody has seen."""
    return jobs.start(WRITE_FILE, {"import_id": sent.pk}, requested_by=by, title=_("書きこむ：%s") % sent.filename)


@transaction.atomic
def write_file(sent: GroupImport, told: Told, register: Register) -> None:
    """Write all that a file holds, register those that it registers, and forget the file.

    Raises JobError, and writes nothing, where it would change something else than was shown.
    """
    # Nobody changes a group, or takes a number, between the reading and the writing.
    next_number()
    list(Group.objects.select_for_update().values_list("pk"))
    resource, outcome = exchange.read(bytes(sent.content), told)
    if outcome.faults_count or exchange.digest(resource) != sent.digest:
        raise JobError(
            _(
                "確かめたあとに団体の記録が変わったので、書きこみませんでした。ファイルをもう一度読みこんで、お確かめください。"
            )
        )
    _write(resource)
    register(resource.registered, sent.read_by)
    sent.delete()


def _write(resource: GroupResource) -> None:
    number = max([next_number() - 1, *(group.number for group in resource.created if group.number)])
    for group in resource.created:
        if group.number is None:
            number += 1
            group.number = number
    changed = [change.group for change in resource.changed]
    Group.objects.bulk_create(resource.created, batch_size=BATCH)
    columns = [column.attribute for column in resource.get_import_fields()]
    # One statement for each batch, where Django's `bulk_update` would write a CASE for each row and column.
    Group.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name for name in columns if name not in (FIELDS, DISTRICTS, UNTIL)],
    )
    _write_lists(resource.created, changed)


def _write_lists(created: list[Group], changed: list[Group]) -> None:
    """Write the fields and districts that groups were given, and take away those that they had besides."""
    lost_fields = [row.pk for group in changed for row in group.fields.all() if row.field not in getattr(group, FIELDS)]
    lost_districts = [
        row.pk for group in changed for row in group.in_districts.all() if row.district not in getattr(group, DISTRICTS)
    ]
    GroupField.objects.filter(pk__in=lost_fields).delete()
    GroupDistrict.objects.filter(pk__in=lost_districts).delete()
    groups = [*created, *changed]
    GroupField.objects.bulk_create(
        [GroupField(group=group, field=field) for group in groups for field in getattr(group, FIELDS)],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    GroupDistrict.objects.bulk_create(
        [GroupDistrict(group=group, district=place) for group in groups for place in getattr(group, DISTRICTS)],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


# ---- the printed guide ----


@transaction.atomic
def make_guide(progress: GuideProgress, *, by: User | None) -> Guidebook:
    """Print the guide to the public groups, in the place of the last. Raises NoJapaneseFont."""
    guide = render_guide(progress)
    Guidebook.objects.all().delete()
    return Guidebook.objects.create(
        content=guide.content, size=len(guide.content), pages=guide.pages, groups=guide.groups, made_by=by
    )
