"""What a planner fills in."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.calendar import fiscal_year_label
from civic.forms import EraDateField, PlainText
from plans.editing.document import PLAN_FIELDS, SHEET_FIELDS, Content, Document
from plans.editing.exchange import LARGEST_FILE
from plans.editing.fields import Names, text_field
from plans.models import Plan, PlanItem, PlanRevision, Relisting, ScheduleEntry, Sheet


class ItemForm(PlainText, forms.Form):
    """What an item says, passages and roles aside: those are rows of their own."""

    title = text_field(PlanItem, "title")
    emphasis = forms.BooleanField(label=PlanItem._meta.get_field("emphasis").verbose_name, required=False)
    pillars = forms.MultipleChoiceField(
        label=gettext_lazy("柱"), required=False, widget=forms.CheckboxSelectMultiple({"class": "choices--row"})
    )
    departments = Names(
        label=gettext_lazy("担当課"),
        required=False,
        help_text=gettext_lazy("1行に一つ。いちばん上がまとめ役です。はじめて書く課は、新しく登録します。"),
    )
    has_sheet = forms.BooleanField(label=gettext_lazy("個票をつける"), required=False)
    implementers = text_field(Sheet, "implementers")
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("対象"), required=False, widget=forms.CheckboxSelectMultiple({"class": "choices--row"})
    )
    audience_other = text_field(Sheet, "audience_other")
    purpose = text_field(Sheet, "purpose", rows=4)
    situation = text_field(Sheet, "situation", rows=4)
    content = text_field(Sheet, "content", rows=4)
    completion = text_field(Sheet, "completion", rows=3)
    tag = text_field(Sheet, "tag")

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years: list[int] = document["schedule_years"]
        for name, entries in (("pillars", "pillars"), ("audience", "audiences")):
            if document[entries]:
                self.fields[name].choices = [(entry, entry) for entry in document[entries]]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        for year in self.years:
            label = fiscal_year_label(year)
            self.fields[f"text_{year}"] = text_field(ScheduleEntry, "text", label=label)
            self.fields[f"arrow_{year}"] = forms.BooleanField(label=_("矢印"), required=False)

    def cells(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each column of the schedule: its year, its words and its arrow."""
        for year in self.years:
            yield fiscal_year_label(year), self[f"text_{year}"], self[f"arrow_{year}"]

    def sheet_fields(self) -> Iterator[Any]:
        """Yield the fields of the item's own sheet."""
        names = (
            "implementers",
            "audience",
            *("audience_other", "purpose", "situation", "content", "completion", "tag"),
        )
        return (self[name] for name in names if name in self.fields)

    @staticmethod
    def initial_of(content: Content) -> dict[str, Any]:
        """Return what the form begins with."""
        sheet = content["sheet"] or {}
        return {
            **{name: content[name] for name in ("title", "emphasis", "pillars", "departments")},
            **sheet,
            "has_sheet": content["sheet"] is not None,
            **{f"text_{year}": cell["text"] for year, cell in content["schedule"].items()},
            **{f"arrow_{year}": cell["arrow"] for year, cell in content["schedule"].items()},
        }

    def said(self, base: Content) -> Content:
        """Return what the item is to say; what is not asked for stays as in `base`. Called once the form is valid."""
        given = self.cleaned_data
        sheet = {name: given[name] for name in SHEET_FIELDS} | {"audience": given.get("audience", [])}
        schedule = {year: cell for year, cell in base["schedule"].items() if int(year) not in self.years}
        for year in self.years:
            cell = {"text": given[f"text_{year}"], "arrow": given[f"arrow_{year}"]}
            if any(cell.values()):
                schedule[str(year)] = cell
        return {
            **base,
            **{name: given[name] for name in ("title", "emphasis", "departments")},
            "pillars": given.get("pillars", []),
            "sheet": sheet if given["has_sheet"] else None,
            "schedule": schedule,
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        written = any(self.cleaned_data.get(name) for name in (*SHEET_FIELDS, "audience"))
        if written and not self.cleaned_data.get("has_sheet"):
            self.add_error("has_sheet", _("個票に書いたことを残すには、「個票をつける」に印をつけてください。"))
        return cleaned


class TitleForm(PlainText, forms.Form):
    """A new item."""

    title = text_field(PlanItem, "title")


class MoveForm(forms.Form):
    """Another place for an item; the outermost level is the empty choice."""

    def __init__(self, options: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = forms.ChoiceField(label=_("どの項目の下へ"), choices=options, required=False)


class RelistForm(PlainText, forms.Form):
    """A second place for an item."""

    def __init__(self, options: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = forms.ChoiceField(label=_("どの項目の下へ"), choices=options)
        self.fields["title"] = text_field(Relisting, "title", label=_("そこでの言い回し"))
        self.fields["marked"] = forms.BooleanField(label=_("【再掲】と印刷する"), required=False)


class RelistingForm(PlainText, forms.Form):
    """How an item is worded in its second place."""

    title = text_field(Relisting, "title", label=gettext_lazy("そこでの言い回し"))
    marked = forms.BooleanField(label=gettext_lazy("【再掲】と印刷する"), required=False)


class RetireForm(PlainText, forms.Form):
    """Taking an item out of the plan."""

    on = EraDateField(label=gettext_lazy("取り下げた日"), initial=timezone.localdate)
    reason = text_field(
        PlanItem,
        "retired_reason",
        label=gettext_lazy("理由"),
        required=True,
        help_text=gettext_lazy("項目のページに表示します。"),
    )


class SplitForm(PlainText, forms.Form):
    """Several items in the place of one."""

    titles = text_field(
        PlanItem,
        "title",
        rows=4,
        label=gettext_lazy("分けたあとの項目名"),
        help_text=gettext_lazy("1行に一つ、二つ以上書いてください。どれも、いまの内容を写したものから始まります。"),
    )

    def clean_titles(self) -> list[str]:
        titles = [line.strip() for line in self.cleaned_data["titles"].split("\n") if line.strip()]
        if len(titles) < 2:
            raise ValidationError(_("二つ以上書いてください。"))
        return titles


class MergeForm(forms.Form):
    """The items that one takes in."""

    def __init__(self, options: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"] = forms.MultipleChoiceField(
            label=_("まとめる項目"), choices=options, widget=forms.CheckboxSelectMultiple
        )


class PlanForm(PlainText, forms.ModelForm):
    """What a plan says of itself on its cover."""

    class Meta:
        model = Plan
        fields = list(PLAN_FIELDS)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        _refuse_backwards(self)
        return cleaned


class CopyForm(PlainText, forms.ModelForm):
    """A new plan that begins as a copy of an older one."""

    class Meta:
        model = Plan
        fields = ["slug", "title", "first_fiscal_year", "last_fiscal_year"]
        help_texts = {
            "slug": gettext_lazy("半角の英数字。ページのアドレスになり、あとから変えられません。例：6th"),
            "first_fiscal_year": gettext_lazy("西暦の4けた。"),
            "last_fiscal_year": gettext_lazy("西暦の4けた。"),
        }

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Plan.objects.filter(slug=slug).exists():
            raise ValidationError(_("このアドレスの計画は、すでにあります。"))
        return slug

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        _refuse_backwards(self)
        return cleaned


FIRST_YEAR, LAST_YEAR, LONGEST_PLAN = 1950, 2150, 30


def _refuse_backwards(form: forms.BaseForm) -> None:
    first, last = (form.cleaned_data.get(name) for name in ("first_fiscal_year", "last_fiscal_year"))
    for name, year in (("first_fiscal_year", first), ("last_fiscal_year", last)):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            form.add_error(name, _("西暦の4けたで入力してください。"))
    if first and last and not 0 <= last - first < LONGEST_PLAN:
        form.add_error("last_fiscal_year", _("最初の年度からあとの、30年以内にしてください。"))


class ListsForm(PlainText, forms.Form):
    """The plan's lists: each entry has its field, which renames it; an emptied one leaves the list; some are free."""

    FREE = 3
    LISTS = (
        ("pillars", gettext_lazy("柱")),
        ("audiences", gettext_lazy("推進項目の対象")),
        ("actors", gettext_lazy("役割区分の主体")),
    )

    schedule_years = Names(
        label=gettext_lazy("年次計画の年度"), required=False, help_text=gettext_lazy("西暦の4けたで、1行に一つ。")
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.initial.setdefault("schedule_years", [str(year) for year in document["schedule_years"]])
        for name, label in self.LISTS:
            entries = document[name]
            for index in range(len(entries) + self.FREE):
                self.fields[f"{name}_{index}"] = forms.CharField(
                    label=f"{label} {index + 1}",
                    required=False,
                    max_length=100,
                    initial=entries[index] if index < len(entries) else "",
                )

    def lists(self) -> Iterator[tuple[Any, list[Any]]]:
        """Yield each list's name and its fields."""
        for name, label in self.LISTS:
            yield label, [self[field] for field in self.fields if field.startswith(f"{name}_")]

    def clean_schedule_years(self) -> list[int]:
        years = self.cleaned_data["schedule_years"]
        if not all(year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR for year in years):
            raise ValidationError(_("西暦の4けたで、1行に一つ入力してください。"))
        return sorted({int(year) for year in years})

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name, _label in self.LISTS:
            seen: set[str] = set()
            for field in [field for field in self.fields if field.startswith(f"{name}_")]:
                value = self.cleaned_data.get(field)
                if value and value in seen:
                    self.add_error(field, _("同じものが二つあります。"))
                seen.add(value or "")
        return cleaned

    def entries(self) -> dict[str, list[tuple[str, str]]]:
        """Return for each list what its entries were called and are called now. Called once the form is valid."""
        found: dict[str, list[tuple[str, str]]] = {}
        for name, _label in self.LISTS:
            was = [*self.document[name], *[""] * self.FREE]
            called = [self.cleaned_data[f"{name}_{index}"] for index in range(len(was))]
            found[name] = [(old, new) for old, new in zip(was, called, strict=True) if new]
        return found


class DecisionForm(PlainText, forms.Form):
    """The day on which something was decided about a plan."""

    decided_on = EraDateField(label=gettext_lazy("決定日"), initial=timezone.localdate)


class RevisionForm(DecisionForm):
    """Why an adopted plan is changed."""

    reason = text_field(PlanRevision, "reason", label=gettext_lazy("改定の理由"))


class ImportForm(forms.Form):
    """A file that a plan went out to."""

    file = forms.FileField(
        label=gettext_lazy("ファイル"),
        help_text=gettext_lazy("ここから受けとった .xlsx か、項目の .csv をえらんでください。5MBまでです。"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("ファイルが大きすぎます。5MBまでです。"))
        if not file.name.lower().endswith((".xlsx", ".csv")):
            raise ValidationError(_(".xlsx か .csv のファイルをえらんでください。"))
        if len(file.name) > 200:
            raise ValidationError(_("ファイルの名前が長すぎます。"))
        return file
