"""What people fill in to write for everybody, and to look through it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import ANY, NONE, NOT_A_CHOICE, SEARCH_WORDS_LENGTH, TypedChoices
from centres.information.models import Case, CasePhoto, Grant, GrantGiver, News, Permission
from centres.information.queries import CaseSearch, GrantSearch, case_years
from centres.information.uploads import CASE_PHOTOS
from centres.models import ActivityField, Group
from civic.calendar import fiscal_year_label, fiscal_year_of
from civic.forms import EraDateField, PlainText
from civic.tenancy.forms import RecordMultipleChoiceField
from civic.uploads.forms import UploadField

YEARS_OFFERED = 30
PLAIN_WORDS = _("段落は空の行で分けます。https:// で始まるアドレスは、自動でリンクになります。")


class WordsForm(PlainText, forms.Form):
    """Looking for words."""

    q = forms.CharField(
        label=_("ことば"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )

    def words(self) -> str:
        """Return what is looked for, nothing where it is wrong. Called once the form is cleaned."""
        return str(self.cleaned_data.get("q", ""))


class GrantSearchForm(WordsForm):
    """Looking for grants."""

    giver = forms.ChoiceField(
        label=_("出すところ"), required=False, choices=[*ANY, *GrantGiver.choices], error_messages=NOT_A_CHOICE
    )
    over = forms.BooleanField(label=_("締切がすぎたものを見る"), required=False)

    def search(self) -> GrantSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        right = self.cleaned_data
        return GrantSearch(self.words(), right.get("giver", ""), right.get("over", False))


class CaseSearchForm(WordsForm):
    """Looking through the case library."""

    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*ANY, *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )
    year = forms.TypedChoiceField(
        label=_("年度"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [*ANY, *((year, fiscal_year_label(year)) for year in case_years())],
        error_messages=NOT_A_CHOICE,
    )

    def search(self) -> CaseSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        right = self.cleaned_data
        return CaseSearch(self.words(), right.get("field"), right.get("year"))


class NewsForm(PlainText, forms.ModelForm):
    """A notice."""

    shows_from = EraDateField(
        label=_("のせはじめる日"), initial=timezone.localdate, help_text=_("この日の0時から見られます。")
    )
    shows_until = EraDateField(
        label=_("のせおわる日"), required=False, help_text=_("この日まで見られます。空のままなら、ずっとのせます。")
    )

    class Meta:
        model = News
        fields = ["title", "body", "shows_from", "shows_until", "is_pinned"]
        widgets = {"body": forms.Textarea({"rows": 12})}
        help_texts = {"body": PLAIN_WORDS}

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("shows_from"), self.cleaned_data.get("shows_until")
        if first and last and last < first:
            self.add_error("shows_until", _("のせはじめる日よりあとの日を入力してください。"))
        return self.cleaned_data


class GrantForm(PlainText, forms.ModelForm):
    """A grant on offer."""

    giver = forms.ChoiceField(
        label=_("出すところの種類"),
        choices=GrantGiver.choices,
        widget=forms.RadioSelect({"class": "choices--row"}),
        error_messages=NOT_A_CHOICE,
    )
    opens_on = EraDateField(label=_("受付の初日"), required=False)
    closes_on = EraDateField(
        label=_("締切の日"),
        required=False,
        help_text=_("この日をすぎると「締切がすぎたもの」に移ります。決まっていなければ空のままにします。"),
    )
    link = forms.URLField(
        label=_("くわしい案内のページ"), required=False, assume_scheme="https", widget=forms.TextInput({"type": "url"})
    )

    class Meta:
        model = Grant
        fields = ["title", "giver", "giver_name", "audience", "amount", "opens_on", "closes_on", "link", "body"]
        widgets = {"body": forms.Textarea({"rows": 8})}
        help_texts = {"amount": _("例：1団体30万円まで"), "body": PLAIN_WORDS}

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("受付の初日よりあとの日を入力してください。"))
        return self.cleaned_data


def _years() -> list[tuple[Any, Any]]:
    this_year = fiscal_year_of(timezone.localdate())
    return [("", NONE), *((year, fiscal_year_label(year)) for year in range(this_year, this_year - YEARS_OFFERED, -1))]


class CaseForm(PlainText, forms.ModelForm):
    """A case of collaboration."""

    fiscal_year = forms.TypedChoiceField(
        label=_("年度"), required=False, coerce=int, empty_value=None, choices=_years, error_messages=NOT_A_CHOICE
    )
    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", NONE), *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )
    groups = RecordMultipleChoiceField(
        label=_("関わった団体"),
        help_text=_("団体の一覧にある団体です。いくつでもえらべます。"),
        queryset=Group.objects.filter(merged_into=None).order_by("name_kana", "number"),
        widget=TypedChoices({"class": "choices--columns"}),
        required=False,
    )

    class Meta:
        model = Case
        fields = ["title", "fiscal_year", "field", "done", "outcome", "partners", "groups"]
        widgets = {"done": forms.Textarea({"rows": 8}), "outcome": forms.Textarea({"rows": 5})}
        help_texts = {
            "partners": _("一覧にない団体、市の課、学校、会社など。例：市の公園課、小学校、商店街"),
            "done": PLAIN_WORDS,
        }


class PhotoWordsForm(PlainText, forms.ModelForm):
    """What a photo shows, and that those in it let it be shown."""

    permission = forms.ChoiceField(
        label=_("写っている人の許可"),
        choices=Permission.choices,
        widget=forms.RadioSelect,
        error_messages=NOT_A_CHOICE,
    )

    class Meta:
        model = CasePhoto
        fields = ["alt", "permission", "permission_note"]
        help_texts = {
            "alt": _("写真が見えない人にも伝わるように書きます。例：花だんに苗を植える子どもたちと高校生"),
            "permission_note": _(
                "許可をもらったときは必ず書いてください。職員だけが読みます。例：4月10日、代表に電話で"
            ),
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("permission") == Permission.GIVEN and not self.cleaned_data.get("permission_note"):
            self.add_error("permission_note", _("いつ、だれに、どう聞いたかを書いてください。"))
        return self.cleaned_data


class PhotoForm(PhotoWordsForm):
    """A photo of a case."""

    sent = UploadField(CASE_PHOTOS, label=_("写真"))
    field_order = ["sent"]
