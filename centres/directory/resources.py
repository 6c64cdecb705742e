"""The directory as a table that goes out to a spreadsheet and comes back: django-import-export's resource of groups."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource
from import_export.results import RowResult
from import_export.widgets import Widget

from centres.directory.cells import Day, Digits, Flag, OneOf, SomeOf, Tags, Whole, Words
from centres.directory.forms import MOST_TAGS
from centres.models import (
    ActivityField,
    District,
    Entitlement,
    Group,
    GroupStanding,
)
from centres.models.group import TAG_LENGTH
from centres.models.standing import ENTITLEMENTS

LARGEST_NUMBER = 2_147_483_647
LARGEST_SMALL_NUMBER = 32_767
# Attributes of a group that are rows of their own, read and written here as lists.
FIELDS, DISTRICTS = "given_fields", "given_districts"
# The last day of a group's registration, which is a record of its own as well.
UNTIL = "registered_until"


def _widget_of(field: models.Field) -> Widget:
    if field.flatchoices:
        return OneOf(_by_label(field.flatchoices), required=not field.has_default())
    if isinstance(field, models.ForeignKey):
        return OneOf({})
    if isinstance(field, models.BooleanField):
        return Flag()
    if isinstance(field, models.DateField):
        return Day()
    if isinstance(field, models.PositiveSmallIntegerField):
        return Whole(LARGEST_SMALL_NUMBER)
    if isinstance(field, models.PositiveIntegerField):
        return Whole(LARGEST_NUMBER)
    if isinstance(field, ArrayField):
        return Tags(TAG_LENGTH, MOST_TAGS)
    if isinstance(field, models.TextField):
        return Words(several_lines=True)
    if field.name in ("phone", "fax"):
        return Digits(field.max_length)
    # Those of its length are the widget's own.
    validators = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]
    return Words(field.max_length, required=not field.blank, validators=validators)


def _by_label(choices: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    return {str(label): value for value, label in choices}


def with_lists(groups: QuerySet[Group]) -> list[Group]:
    """Return the groups with their fields and districts as lists and the last day of their registration, in a fixed
    number of queries."""
    groups = groups.annotate(**{UNTIL: Max("registrations__valid_until")})
    found = list(groups.select_related("district").prefetch_related("fields", "in_districts__district"))
    for group in found:
        setattr(group, FIELDS, [row.field for row in group.fields.all()])
        setattr(group, DISTRICTS, [row.district for row in group.in_districts.all()])
    return found


@dataclass(frozen=True)
class Changed:
    """A group that a file changes, and each cell before and after."""

    group: Group
    row: int
    cells: dict[str, tuple[Any, Any]]


class GroupsByNumber(BaseInstanceLoader):
    """The municipality's groups, read once. A row whose number is empty or wrong is nobody's."""

    def __init__(self, resource: "GroupResource", dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        self.groups = {group.number: group for group in with_lists(Group.objects.all())}

    def get_instance(self, row: Any) -> Group | None:
        try:
            return self.groups.get(self.resource.fields["number"].clean(row))
        except ValueError:
            return None


class GroupResource(ModelResource):
    """Groups, told apart by their number; a row without one is a new group. A column that a file leaves out stays.

    Reading a table writes nothing: what it would write is in `created` and `changed`, those of them that the file
    registers are in `registered` as well, and faults are in the result.
    """

    activity_fields = Field(
        attribute=FIELDS, column_name=_("活動分野"), widget=SomeOf(_by_label(ActivityField.choices))
    )
    active_districts = Field(attribute=DISTRICTS, column_name=_("活動する地区"), widget=SomeOf({}))
    registered_until = Field(attribute=UNTIL, column_name=_("登録の終わり"), widget=Day())

    class Meta:
        model = Group
        fields = (
            "number",
            "name",
            "name_kana",
            "kind",
            "activity_fields",
            "tags",
            "district",
            "active_districts",
            "purpose",
            "description",
            "seeks_members",
            "seeks_volunteers",
            "seeks_partners",
            "looking_for",
            "meeting_day",
            "meeting_place",
            "members_count",
            "founded_year",
            "website",
            "contact_name",
            "contact_name_is_public",
            "address",
            "address_is_public",
            "phone",
            "phone_is_public",
            "fax",
            "fax_is_public",
            "email",
            "email_is_public",
            "registered_on",
            "registered_until",
            "last_confirmed_on",
            "standing",
            "is_published",
        )
        import_id_fields = ("number",)
        instance_loader_class = GroupsByNumber
        skip_diff = True
        report_skipped = False

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: models.Field, readonly: bool) -> Field:
        """A column under the field's own name for people, whose cells hold what the field may."""
        return Field(attribute=field_name, column_name=str(django_field.verbose_name), widget=_widget_of(django_field))

    def __init__(self, told: Callable[[int], None] = lambda rows: None) -> None:
        """`told` is called with the number of rows that are read, after each."""
        super().__init__()
        districts = {district.name: district for district in District.objects.all()}
        self.fields["district"].widget = OneOf(districts)
        self.fields["active_districts"].widget = SomeOf(districts)
        self.told = told
        self.created: list[Group] = []
        self.changed: list[Changed] = []
        self.registered: list[Group] = []
        self._rows_by_number: dict[int, int] = {}
        self._before: dict[str, Any] | None = None
        self._standing = GroupStanding.LISTED
        self._cells: dict[str, tuple[Any, Any]] = {}

    def init_instance(self, row: Any = None) -> Group:
        group = Group()
        setattr(group, FIELDS, [])
        setattr(group, DISTRICTS, [])
        setattr(group, UNTIL, None)
        return group

    def after_init_instance(self, instance: Group, new: bool, row: Any, **kwargs: Any) -> None:
        self._before = None if new else self._exported(instance, row)

    def _exported(self, group: Group, row: Any) -> dict[str, Any]:
        return {
            field.column_name: field.export(group) for field in self.get_import_fields() if field.column_name in row
        }

    def import_instance(self, instance: Group, row: Any, **kwargs: Any) -> None:
        """Read a row into a group. Raises ValidationError with all that is wrong in it, by attribute."""
        self._standing, until = GroupStanding(instance.standing), getattr(instance, UNTIL)
        errors: dict[str, str] = {}
        for field in self.get_import_fields():
            try:
                self.import_field(field, instance, row, **kwargs)
            except ValueError as error:
                errors[field.attribute] = str(error)
        instance.standing = instance.standing or self._standing
        errors = self._faults_of_the_whole(instance, until, kwargs["row_number"]) | errors
        if errors:
            raise ValidationError({attribute: ValidationError(words) for attribute, words in errors.items()})

    def _faults_of_the_whole(self, group: Group, until: date | None, row_number: int) -> dict[str, str]:
        standing = self._standing
        faults = _faults_of_registering(group) if self._is_to_register(group) else {}
        if group.number is not None:
            if group.number < 1:
                faults["number"] = _("団体番号は1からです。")
            elif self._rows_by_number.setdefault(group.number, row_number) != row_number:
                faults["number"] = _("同じ番号の団体が、上の行にもあります。")
        words = {"standing": standing.label}
        if group.standing != standing and not self._is_to_register(group):
            faults["standing"] = _("登録の状態は、ファイルでは変えられません。いまは「%(standing)s」です。") % words
        if getattr(group, UNTIL) != until and not self._is_to_register(group):
            faults[UNTIL] = _("登録の終わりは、ファイルで新しく「登録中」にする団体にだけ書けます。")
        if group.is_published and Entitlement.LISTING not in ENTITLEMENTS[standing]:
            faults["is_published"] = _("登録の状態が「%(standing)s」の団体は、公開できません。") % words
        return faults

    def _is_to_register(self, group: Group) -> bool:
        """Whether a file registers a group, as it may where that never was."""
        return (self._standing, group.standing) == (GroupStanding.LISTED, GroupStanding.REGISTERED)

    def skip_row(self, instance: Group, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        if self._before is None or import_validation_errors:
            return False
        after = self._exported(instance, row)
        self._cells = {name: (self._before[name], after[name]) for name in after if self._before[name] != after[name]}
        return not self._cells

    def validate_instance(
        self, instance: Group, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """What may be in a cell was asked of each cell; the model would ask the database once more, row by row."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance: Group, is_create: bool, row: Any, **kwargs: Any) -> None:
        if self._is_to_register(instance):
            self.registered.append(instance)
            # `centres.standing` gives it, once the group is written.
            instance.standing = self._standing
        if is_create:
            self.created.append(instance)
        else:
            self.changed.append(Changed(instance, kwargs["row_number"], self._cells))

    def after_import_row(self, row: Any, row_result: RowResult, **kwargs: Any) -> None:
        self.told(kwargs["row_number"])

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Nothing was written, so no sequence is to be set; the serving role might not either."""


def _faults_of_registering(group: Group) -> dict[str, str]:
    """What is wrong with the days of a group that a file registers: since when, and until when."""
    since, until, today = group.registered_on, getattr(group, UNTIL), timezone.localdate()
    faults = {}
    if since is None:
        faults["registered_on"] = _("「登録中」の団体には、登録日が必要です。")
    elif since > today:
        faults["registered_on"] = _("「登録中」の団体の登録日は、きょうまでの日にしてください。")
    if until is None:
        faults[UNTIL] = _("「登録中」の団体には、登録の終わりが必要です。")
    elif until < today:
        faults[UNTIL] = _("過ぎた日です。登録の状態と登録の終わりを空欄にして読みこみ、更新を受け付けてください。")
    return faults
