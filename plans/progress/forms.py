"""Forms of a plan's year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.calendar import fiscal_year_label, fiscal_year_of
from civic.forms import EraDateField, PlainText
from civic.tenancy.forms import RecordChoiceField, RecordMultipleChoiceField
from plans.models import Direction, Evaluation, Plan, PlanItem, ProgressReport, Rating, ReportingYear, WorkStatus
from plans.progress.queries import submitted
from plans.progress.ratings import scheme_choices
from plans.progress.services import WRITTEN
from plans.tree import Tree

MARK_LENGTH = Rating._meta.get_field("mark").max_length or 0
MEANING_LENGTH = Rating._meta.get_field("meaning").max_length or 0
NOTHING_CHOSEN = ("", _("選んでください"))


class OpenYearForm(forms.Form):
    """Which year to ask for, until when; for a plan without a rating scheme, which one it is to have."""

    fiscal_year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    due_on = EraDateField(
        label=_("しめきり"), help_text=_("1週間前になっても提出のない担当課と、過ぎた担当課に、メールを送ります。")
    )

    def __init__(self, plan: Plan, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        asked = set(plan.reporting_years.values_list("fiscal_year", flat=True))
        last = min(plan.last_fiscal_year, fiscal_year_of(today))
        self.fields["fiscal_year"].choices = [  # type: ignore[attr-defined]
            (year, fiscal_year_label(year)) for year in range(last, plan.first_fiscal_year - 1, -1) if year not in asked
        ]
        if not plan.ratings.exists():
            self.fields["scheme"] = forms.ChoiceField(
                label=_("自己評価の区分"), choices=scheme_choices(), help_text=_("この計画で使う区分です。")
            )

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("しめきりは、今日よりあとの日にしてください。"))
        return due_on


class SchemeForm(PlainText, forms.Form):
    """The plan's rating scheme: a mark and its meaning on each line, best first."""

    scheme = forms.CharField(
        label=_("評価の区分"),
        widget=forms.Textarea({"rows": 6}),
        help_text=_("1行に1つ、よいものから順に、記号と意味のあいだを空けて書いてください。例：A 予定より進んでいる"),
    )

    def clean_scheme(self) -> list[tuple[str, str]]:
        found: dict[str, str] = {}
        lines = [line for line in self.cleaned_data["scheme"].splitlines() if line.strip()]
        for number, line in enumerate(lines, 1):
            mark, *meaning = line.split(maxsplit=1)
            if not meaning:
                raise forms.ValidationError(_("%(number)s行目に意味がありません。") % {"number": number})
            if mark in found:
                raise forms.ValidationError(_("%(number)s行目の記号は、上の行にもあります。") % {"number": number})
            if len(mark) > MARK_LENGTH or len(meaning[0].strip()) > MEANING_LENGTH:
                raise forms.ValidationError(_("%(number)s行目が長すぎます。") % {"number": number})
            found[mark] = meaning[0].strip()
        return list(found.items())


class ProgressForm(PlainText, forms.ModelForm):
    """What a department writes of one item; nothing is required until it is handed in.

    `version` is the one that was read; `seen` is another's version that the page shows already, and `over` is one that
    is to be written over.
    """

    version = forms.IntegerField(min_value=0)
    seen = forms.IntegerField(min_value=0, required=False)
    over = forms.IntegerField(min_value=0, required=False)

    class Meta:
        model = ProgressReport
        fields = WRITTEN
        widgets = {name: forms.Textarea({"rows": 4}) for name in ("done", "problems", "next_year")} | {
            "figures": forms.Textarea({"rows": 2})
        }
        help_texts = {
            "work_status": _("提出に必要です。"),
            "done": _("提出に必要です。"),
            "figures": _("回数・人数・金額など。単位も書いてください。"),
        }

    def __init__(
        self, ratings: Sequence[Rating], data: Mapping[str, Any] | None = None, *, instance: ProgressReport
    ) -> None:
        """`ratings`: the plan's, asked once for all the forms of a page."""
        super().__init__(data, instance=instance, prefix=f"report{instance.pk}")
        rating = RecordChoiceField(
            Rating.objects.filter(pk__in=[rating.pk for rating in ratings]), label=_("自己評価"), required=False
        )
        rating.choices = [NOTHING_CHOSEN, *((rating.pk, str(rating)) for rating in ratings)]
        self.fields["rating"] = rating
        for name, choices in (("work_status", WorkStatus.choices), ("direction", Direction.choices)):
            self.fields[name].choices = [NOTHING_CHOSEN, *choices]  # type: ignore[attr-defined]

    def written(self) -> dict[str, Any]:
        """Return the fields that a department writes."""
        return {name: self.cleaned_data[name] for name in WRITTEN}


class CloseYearForm(forms.Form):
    """Closing takes a second thought: the evaluations become public with it."""

    sure = forms.BooleanField(
        label=_("報告も評価も変えられなくなることがわかりました"),
        error_messages={"required": _("しめるときは、ここに印をつけてください。")},
    )


class ReopenYearForm(PlainText, forms.Form):
    """Why a closed year takes changes again."""

    reason = forms.CharField(label=_("もう一度開く理由"), max_length=300, widget=forms.Textarea({"rows": 3}))


class AcceptForm(forms.Form):
    """Which of the reports that wait are accepted."""

    def __init__(self, year: ReportingYear, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports"] = RecordMultipleChoiceField(
            submitted(year), error_messages={"required": _("承認する項目を選んでください。")}
        )


class SendBackForm(PlainText, forms.Form):
    """What is to be put right."""

    comment = forms.CharField(label=_("直してほしいところ"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class StandingForm(PlainText, forms.Form):
    """How much an item counts, and its status where it is set by hand."""

    weight = forms.DecimalField(
        label=_("重み"),
        min_value=0,
        max_digits=7,
        decimal_places=2,
        help_text=_("同じ階層のとなりの項目とくらべた大きさです。ふつうは1です。"),
    )
    status = forms.ChoiceField(
        label=_("手で決める進みぐあい"),
        required=False,
        choices=[("", _("計算のとおりにする")), *WorkStatus.choices],
    )
    reason = forms.CharField(
        label=_("手で決める理由"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("計算の結果とならべて公開されます。"),
    )

    def clean_weight(self) -> Any:
        weight = self.cleaned_data["weight"]
        if weight == 0:
            raise forms.ValidationError(_("0より大きい数を入力してください。"))
        return weight

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("status") and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("手で決めるときは、理由を書いてください。"))
        return cleaned


class EvaluationForm(PlainText, forms.ModelForm):
    """What the council said in a meeting, of an item at any level or of the whole plan."""

    met_on = EraDateField(label=_("会議の日"))

    class Meta:
        model = Evaluation
        fields = ["item", "kind", "met_on", "rating", "text"]

    def __init__(self, plan: Plan, tree: Tree, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pk_of = dict(plan.items.values_list("key", "pk"))
        items = RecordChoiceField(PlanItem.objects.filter(plan=plan), label=_("評価するもの"), required=False)
        items.choices = [
            ("", _("計画全体")),
            *((pk_of[node.key], f"{node.reference} {node.title}".strip()) for node in tree.walk()),
        ]
        ratings = RecordChoiceField(plan.ratings.all(), label=_("評価"), required=False)
        ratings.choices = [("", _("つけない")), *((rating.pk, str(rating)) for rating in plan.ratings.all())]
        self.fields |= {"item": items, "rating": ratings}
        self.fields["kind"].choices = [NOTHING_CHOSEN, *Evaluation.Kind.choices]  # type: ignore[attr-defined]
