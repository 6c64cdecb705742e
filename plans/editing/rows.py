"""Rows of a form: passages, terms, roles and levels, and what a form carries of where it began."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import BadRequest, ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.forms import PlainText
from plans.editing.document import NO_ORIGIN
from plans.editing.fields import text_field
from plans.models import PlanLevel, PlanText, RoleRow, Term
from plans.numbering import number

_SALT = "plans.editing"

# What passages are about, as the plans' texts are divided.
TEXT_KINDS = [
    ("aim", gettext_lazy("ねらい")),
    ("direction", gettext_lazy("方向性")),
    ("chapter", gettext_lazy("章（ここから新しい章）")),
    ("foreword", gettext_lazy("はじめに")),
    ("background", gettext_lazy("背景")),
    ("purpose", gettext_lazy("目的")),
    ("position", gettext_lazy("位置づけ")),
    ("period", gettext_lazy("期間")),
    ("vision", gettext_lazy("めざす姿")),
    ("principles", gettext_lazy("原則")),
    ("meaning", gettext_lazy("ことばの意味")),
    ("roles", gettext_lazy("役割")),
    ("situation", gettext_lazy("現状と課題")),
    ("survey", gettext_lazy("調査")),
    ("measures", gettext_lazy("施策")),
    ("targets", gettext_lazy("目標")),
    ("organisation", gettext_lazy("推進体制")),
    ("progress", gettext_lazy("進行管理")),
    ("evaluation", gettext_lazy("評価")),
    ("publication", gettext_lazy("公表")),
    ("councils", gettext_lazy("協議会")),
    ("centre", gettext_lazy("センター")),
    ("proposals", gettext_lazy("提言")),
    ("ordinance", gettext_lazy("条例")),
    ("character", gettext_lazy("シンボル")),
    ("slogan", gettext_lazy("スローガン")),
    ("invitation", gettext_lazy("よびかけ")),
    ("contact", gettext_lazy("連絡先")),
    ("table", gettext_lazy("表（セルの間はタブ）")),
    ("figure", gettext_lazy("図")),
]


def signed(value: Any) -> str:
    """Return what a form began with, so that it can carry it and nobody change it on the way."""
    return signing.dumps(value, salt=_SALT, compress=True)


def unsigned(text: str) -> Any:
    """Return what `signed` wrote. Raises BadRequest for anything else."""
    try:
        return signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        raise BadRequest(_("このページをもう一度開いてください。")) from None


class Rows(BaseFormSet):
    """Rows that are put in order by number, and left out where they are marked so or empty."""

    ordering_widget = forms.NumberInput({"class": "order", "min": 1})  # type: ignore[assignment]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = _("順番")
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("この行をなくす")

    def records(self) -> list[dict[str, Any]]:
        """Return what the rows say, in their new order. Called once the formset is valid."""
        rows = [form for form in self.forms if not form.cleaned_data.get("DELETE") and form.says_something()]
        rows.sort(key=lambda form: (form.cleaned_data.get("ORDER") is None, form.cleaned_data.get("ORDER") or 0))
        return [form.record() for form in rows]


class CarriesOrigin(PlainText, forms.Form):
    """A row that carries, unseen, where its words come from, and whatever else of it stays."""

    origin = forms.CharField(required=False, widget=forms.HiddenInput)
    names: tuple[str, ...] = ()
    carried: tuple[str, ...] = tuple(NO_ORIGIN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.initial:
            self.initial["origin"] = signed({name: self.initial[name] for name in self.carried})

    def says_something(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.names)

    def record(self) -> dict[str, Any]:
        """What the row says, and where that comes from."""
        carried = self.cleaned_data["origin"]
        origin = unsigned(carried) if carried else NO_ORIGIN
        return {name: self.cleaned_data[name] for name in self.names} | origin


class PassageForm(CarriesOrigin):
    """A passage of an item or of the plan."""

    kind = forms.ChoiceField(label=gettext_lazy("種類"), choices=TEXT_KINDS)
    heading = text_field(PlanText, "heading")
    body = text_field(PlanText, "body", rows=5)
    names = ("kind", "heading", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.initial.get("kind")
        if kind and kind not in dict(TEXT_KINDS):
            self.fields["kind"].choices = [*TEXT_KINDS, (kind, kind)]  # type: ignore[attr-defined]

    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("heading") or self.cleaned_data.get("body"))


class TermForm(CarriesOrigin):
    """A word that the plan explains."""

    mark = text_field(Term, "mark")
    term = text_field(Term, "term", required=False)
    body = text_field(Term, "body", rows=3, required=False)
    names = ("mark", "term", "body")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.says_something():
            for name in ("term", "body"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("入力してください。"))
        return cleaned


class RoleForm(CarriesOrigin):
    """A row of the who-does-what table."""

    title = text_field(RoleRow, "title", required=False)
    actors = forms.MultipleChoiceField(
        label=gettext_lazy("担う主体"), required=False, widget=forms.CheckboxSelectMultiple({"class": "choices--row"})
    )
    names = ("title", "actors")

    def __init__(self, *args: Any, actors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actors"].choices = [(name, name) for name in actors]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("actors") and not self.cleaned_data.get("title") and "title" not in self.errors:
            self.add_error("title", _("取組を入力してください。"))
        return cleaned


class LevelForm(PlainText, forms.Form):
    """A level's name and how its items are numbered."""

    name = text_field(PlanLevel, "name", required=False)
    numbering = text_field(
        PlanLevel,
        "numbering",
        help_text=gettext_lazy(
            "番号になるところに {arabic}（1）、{fullwidth}（１）、{roman}（Ⅰ）、{circled}（①）のどれかを書きます。"
            "「✔」のような印だけでも、空欄でもかまいません。"
        ),
    )
    continues = forms.BooleanField(label=gettext_lazy("上の項目が変わっても、番号を続ける"), required=False)

    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("name"))

    def clean_numbering(self) -> str:
        """Refuse a pattern with a brace that stands for nothing: it would be printed as it is."""
        pattern: str = self.cleaned_data["numbering"]
        if set("{}") & set(number(pattern, 1)):
            raise ValidationError(_("{ } の中は arabic、fullwidth、roman、circled のどれかにしてください。"))
        return pattern

    def record(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "numbering", "continues")}


class _Levels(Rows):
    """The plan's levels, outermost first."""

    def clean(self) -> None:
        names = [form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE") for form in self.forms]
        if not any(names):
            raise ValidationError(_("階層が一つもありません。"))
        if sorted(map(bool, names), reverse=True) != [bool(name) for name in names]:
            raise ValidationError(_("なくせるのは、いちばん下の階層だけです。"))


PassageFormSet = formset_factory(PassageForm, Rows, extra=1, can_order=True, can_delete=True, max_num=200)
TermFormSet = formset_factory(TermForm, Rows, extra=2, can_order=True, can_delete=True, max_num=300)
RoleFormSet = formset_factory(RoleForm, Rows, extra=2, can_order=True, can_delete=True, max_num=100)
LevelFormSet = formset_factory(LevelForm, _Levels, extra=1, can_delete=True, max_num=10)
