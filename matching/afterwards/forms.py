"""What both sides tell of an activity."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import NOT_A_CHOICE
from civic.forms import EraDateField, PlainText
from matching.models import Feedback, Match, Participation, Side


class HoursField(forms.DecimalField):
    """Hours, as a Japanese keyboard writes them too: ２．５."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(unicodedata.normalize("NFKC", value) if isinstance(value, str) else value)


class DayForm(PlainText, forms.ModelForm):
    """A day's activity: when, how long, and what was done."""

    day = EraDateField(label=_("活動した日"), error_messages={"required": _("活動した日を入力してください。")})
    hours = HoursField(
        label=_("時間（時間）"),
        help_text=_("1人分の時間です。30分は0.5、15分は0.25と入力します。"),
        min_value=Decimal("0.25"),
        max_value=Decimal(24),
        max_digits=4,
        decimal_places=2,
        localize=True,
        error_messages={
            "required": _("時間を入力してください。"),
            "invalid": _("時間は、1.5のように数字で入力してください。"),
            "min_value": _("時間は0.25（15分）からです。"),
            "max_value": _("1日の時間は24までです。"),
        },
    )

    class Meta:
        model = Participation
        fields = ["day", "hours", "note"]

    def __init__(self, data: QueryDict | None, *, match: Match, told: Participation | None) -> None:
        """Begin with what was `told`; where nothing was, with what was planned."""
        today = timezone.localdate()
        planned = {
            "day": min(timezone.localdate(match.starts_at), today) if match.starts_at else today,
            "hours": match.planned_hours,
        }
        super().__init__(data, instance=told, initial=None if told else planned)


class FeedbackForm(PlainText, forms.Form):
    """A few words afterwards. The other side never reads them."""

    satisfaction = forms.TypedChoiceField(
        label=_("どうでしたか"),
        coerce=int,
        choices=[
            (5, _("とてもよかった")),
            (4, _("よかった")),
            (3, _("ふつう")),
            (2, _("あまりよくなかった")),
            (1, _("よくなかった")),
        ],
        widget=forms.RadioSelect,
        error_messages=NOT_A_CHOICE | {"required": _("1つえらんでください。")},
    )
    words = forms.CharField(
        label=_("感想"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("センターの職員だけが読みます。相手には見せません。"),
    )
    not_again = forms.BooleanField(label=_("この相手とは、もう紹介しないでほしい"), required=False)

    def __init__(self, data: QueryDict | None, *, given: Feedback | None, side: Side) -> None:
        super().__init__(data, initial={"satisfaction": given.satisfaction, "words": given.words} if given else {})
        if side == Side.GROUP:
            self.fields["not_again"].label = _("この方とは、もう紹介しないでほしい")
