"""What KPIs may count of what a centre tells everybody."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.information.models import Case, News
from civic.calendar import fiscal_year_days
from civic.measures.registry import MeasuredRow, number_of, register
from civic.tenancy.urls import tenant_reverse


def _news(fiscal_year: int) -> QuerySet[News]:
    """The published notices that were first shown in the year; one that is over still counts."""
    until = min(fiscal_year_days(fiscal_year)[1], timezone.localdate())
    first = fiscal_year_days(fiscal_year)[0]
    return News.objects.filter(is_published=True, shows_from__gte=first, shows_from__lte=until).order_by("pk")


def _news_row(news: News) -> MeasuredRow:
    address = tenant_reverse("information:entry_detail", kind="news", pk=news.pk)
    return MeasuredRow(news.pk, news.title, news.shows_from, address, news.is_sample)


def _cases(fiscal_year: int) -> QuerySet[Case]:
    """The published cases of the year in which they happened."""
    return Case.objects.filter(is_published=True, fiscal_year=fiscal_year).order_by("pk")


def _case_row(case: Case) -> MeasuredRow:
    address = tenant_reverse("information:case_detail", pk=case.pk)
    return MeasuredRow(case.pk, case.title, None, address, case.is_sample)


register(number_of(_news, _news_row, name="information.news", title=_("公開したお知らせ"), unit=_("件")))
register(number_of(_cases, _case_row, name="information.cases", title=_("公開した活動事例"), unit=_("件")))
