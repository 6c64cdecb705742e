from django.urls import path

from plans.views import office, public

app_name = "plans"
urlpatterns = [
    path("plans/", public.plan_list, name="plan_list"),
    path("plans/<slug:plan>/", public.plan_detail, name="plan_detail"),
    path("plans/<slug:plan>/items/<slug:key>/", public.item_detail, name="item_detail"),
    path("plans/<slug:plan>/reports/<int:fiscal_year>/", public.report_detail, name="report_detail"),
    path("plans/<slug:plan>/reports/<int:fiscal_year>.pdf", public.report_pdf, name="report_pdf"),
    path("office/plans/", office.plan_list, name="office_plan_list"),
    path("office/plans/<slug:plan>/", office.plan_detail, name="office_plan_detail"),
    path("office/plans/<slug:plan>/reports/", office.report_list, name="report_list"),
    path("office/plans/<slug:plan>/reports/make/", office.make_report, name="make_report"),
    path("office/plans/<slug:plan>/reports/<int:fiscal_year>/", office.report_detail, name="office_report_detail"),
    path("office/plans/<slug:plan>/reports/<int:fiscal_year>.pdf", office.report_pdf, name="office_report_pdf"),
    path("office/plans/<slug:plan>/reports/<int:fiscal_year>/publish/", office.publish_report, name="publish_report"),
]
