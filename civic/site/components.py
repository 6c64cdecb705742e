"""One page that shows every component, for whoever builds pages. Served in development only."""

from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.accounts.rules import PUBLIC, allow
from civic.forms import EraDateField
from civic.tenancy.models import Theme

FIELDS = {"1": _("保健・医療・福祉"), "3": _("まちづくり"), "7": _("環境の保全"), "13": _("子どもの健全育成")}


class ExampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("団体の名前"), help_text=_("規約に書かれたとおりに入力してください。"))
    email = forms.EmailField(label=_("メールアドレス"), required=False)
    founded_on = EraDateField(label=_("設立した日"), help_text=_("例：2026年4月1日"))
    district = forms.ChoiceField(label=_("地区"), choices=[("", _("えらんでください")), ("a", _("本庁"))])
    method = forms.ChoiceField(
        label=_("連絡の方法"), choices=[("tel", _("電話")), ("mail", _("メール"))], widget=forms.RadioSelect
    )
    fields_of_activity = forms.MultipleChoiceField(
        label=_("活動分野"),
        help_text=_("いくつでもえらべます。"),
        choices=FIELDS.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    purpose = forms.CharField(label=_("活動の目的"), widget=forms.Textarea, required=False)
    bylaws = forms.FileField(label=_("規約"), required=False)
    consent = forms.BooleanField(label=_("名前と活動分野を公開することに同意します"))


class ExampleSearch(forms.Form):
    q = forms.CharField(label=_("ことば"), required=False, widget=forms.TextInput({"type": "search"}))
    field = forms.ChoiceField(label=_("活動分野"), required=False, choices=[("", _("すべて")), *FIELDS.items()])


@require_safe
@allow(PUBLIC)
def components(request: HttpRequest) -> HttpResponse:
    typed = {
        "email": "midori-no-kai",
        "founded_on_year": "2026",
        "founded_on_month": "2",
        "founded_on_day": "30",
        "fields_of_activity": ["7"],
        "purpose": _("川べりの草かりと、子どもたちとの生きもの調べをしています。"),
    }
    return render(
        request,
        "site/components.html",
        {
            "form": ExampleForm(initial={"founded_on": date(2019, 5, 1)}, prefix="empty"),
            "form_with_errors": ExampleForm(typed),
            "search": ExampleSearch(prefix="search"),
            "page": Paginator(range(360), 30).page(4),
            "themes": Theme,
            "day": date(2026, 4, 1),
            "kinds": ["info", "success", "warning", "error"],
        },
    )
