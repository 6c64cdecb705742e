"""What those who keep the directory fill in."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from centres.directory.queries import KeptSearch, Order
from centres.forms import ANY, NONE, NOT_A_CHOICE, SEARCH_WORDS_LENGTH, TypedChoices
from centres.models import (
    ActivityField,
    CouncilProfile,
    District,
    Entitlement,
    Group,
    GroupKind,
    GroupStanding,
)
from centres.models.group import TAG_LENGTH
from civic.forms import EraDateField, PlainText
from civic.tenancy.forms import RecordChoiceField, RecordMultipleChoiceField
from civic.uploads.purposes import MAX_BYTES

MOST_TAGS = 10
BETWEEN_TAGS = re.compile(r"[、,，;；\s]+")


class KeptSearchForm(PlainText, forms.Form):
    """Looking for groups among all that the centre knows."""

    q = forms.CharField(
        label=_("ことば"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("種別"), required=False, choices=[*ANY, *GroupKind.choices], error_messages=NOT_A_CHOICE
    )
    standing = forms.ChoiceField(
        label=_("登録の状態"), required=False, choices=[*ANY, *GroupStanding.choices], error_messages=NOT_A_CHOICE
    )
    district = RecordChoiceField(
        label=_("地区"), required=False, queryset=District.objects.all(), empty_label=ANY[0][1]
    )
    is_published = forms.TypedChoiceField(
        label=_("公開"),
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        choices=[*ANY, ("yes", _("公開している")), ("no", _("公開していない"))],
        error_messages=NOT_A_CHOICE,
    )
    order = forms.TypedChoiceField(
        label=_("並べかた"),
        required=False,
        coerce=Order,
        empty_value=Order.KANA,
        choices=Order.choices,
        error_messages=NOT_A_CHOICE,
    )

    def search(self) -> KeptSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return KeptSearch(**self.cleaned_data)


class TagsField(forms.CharField):
    """Everyday words with 、 between them. Cleans to a list, each word once."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = BETWEEN_TAGS.split(super().to_python(value) or "")
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST_TAGS:
            raise forms.ValidationError(_("タグは%(most)s個までにしてください。") % {"most": MOST_TAGS})
        for word in value:
            if len(word) > TAG_LENGTH:
                raise forms.ValidationError(
                    _("タグはひとつ%(length)s文字までにしてください：%(word)s") % {"length": TAG_LENGTH, "word": word}
                )


class GroupForm(PlainText, forms.ModelForm):
    """A group as the centre's staff write it down."""

    activity_fields = forms.TypedMultipleChoiceField(
        label=_("活動分野"),
        help_text=_("いくつでもえらべます。"),
        required=False,
        coerce=int,
        choices=ActivityField.choices,
        widget=TypedChoices({"class": "choices--columns"}),
        error_messages=NOT_A_CHOICE,
    )
    district = RecordChoiceField(
        label=_("地区"),
        help_text=_("団体の本拠のある地区です。"),
        required=False,
        queryset=District.objects.all(),
        empty_label=NONE,
    )
    active_districts = RecordMultipleChoiceField(
        label=_("活動する地区"),
        help_text=_("ほかの地区でも活動しているときに、いくつでもえらべます。"),
        required=False,
        queryset=District.objects.all(),
        widget=forms.CheckboxSelectMultiple({"class": "choices--columns"}),
    )
    tags = TagsField(
        label=_("タグ"),
        required=False,
        help_text=_("ふだんのことばで、「、」で区切って入力します。例：子育て、居場所、朝市"),
    )
    website = forms.URLField(label=_("ウェブサイト"), required=False, max_length=200, assume_scheme="https")
    last_confirmed_on = EraDateField(
        label=_("最終確認日"), required=False, help_text=_("内容にまちがいがないことを、団体に確かめた日です。")
    )

    field_order = [
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
        "last_confirmed_on",
        "is_published",
    ]

    class Meta:
        model = Group
        fields = [
            "name",
            "name_kana",
            "kind",
            "tags",
            "district",
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
            "last_confirmed_on",
            "is_published",
        ]
        widgets = {
            "kind": forms.RadioSelect({"class": "choices--row"}),
            "description": forms.Textarea({"rows": 6}),
            "looking_for": forms.Textarea({"rows": 3}),
            "phone": forms.TextInput({"type": "tel"}),
            "fax": forms.TextInput({"type": "tel"}),
        }
        labels = {"is_published": _("「団体をさがす」に載せて公開する")}
        help_texts = {
            "name_kana": _("ひらがなで入力します。読みでさがせるようになり、冊子の索引にも使います。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A choice must be made, and none is offered as an answer.
        self.fields["kind"].choices = GroupKind.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["activity_fields"] = [row.field for row in self.instance.fields.all()]
            self.initial["active_districts"] = list(self.instance.active_districts.all())

    def clean_is_published(self) -> bool:
        is_published: bool = self.cleaned_data["is_published"]
        if is_published and not self.instance.may(Entitlement.LISTING):
            raise forms.ValidationError(
                _("登録の状態が「%(standing)s」の団体は、公開できません。")
                % {"standing": self.instance.get_standing_display()}
            )
        return is_published


class AreaForm(PlainText, forms.ModelForm):
    """The people of a council's area, as some statistics print them."""

    origin = forms.CharField(
        label=_("出典"), max_length=100, help_text=_("この数が載っている統計や資料です。例：住民基本台帳")
    )

    class Meta:
        model = CouncilProfile
        fields = ["area", "population", "elderly", "households", "as_of"]
        help_texts = {"as_of": _("いつの数かを書きます。例：令和8年3月末")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["origin"] = self.instance.source.get("place", "")

    def clean(self) -> dict[str, Any]:
        super().clean()
        people, elderly = self.cleaned_data.get("population"), self.cleaned_data.get("elderly")
        if people == 0:
            self.add_error("population", _("1人以上の数を入力してください。"))
        elif people and elderly is not None and elderly > people:
            self.add_error("elderly", _("人口より多くなっています。"))
        return self.cleaned_data


class GroupFileForm(forms.Form):
    """A file of groups."""

    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("表計算のファイル（.xlsx）かCSV。10MB、2万行まで。"),
        max_length=200,
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("ファイルが大きすぎます。"))
        return file


class ExportForm(forms.Form):
    """In which form the directory goes out."""

    form = forms.ChoiceField(choices=[("xlsx", "xlsx"), ("csv", "csv")])
