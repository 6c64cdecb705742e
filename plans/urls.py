from django.urls import path

from plans.views import office, progress, public

app_name = "plans"
YEAR = "office/progress/<slug:plan>/<int:fiscal_year>/"
REPORT = "office/plans/<slug:plan>/reports/<int:fiscal_year>"
urlpatterns = [
    path("plans/", public.plan_list, name="plan_list"),
    path("plans/<slug:plan>/", public.plan_detail, name="plan_detail"),
    path("plans/<slug:plan>/items/<slug:key>/", public.item_detail, name="item_detail"),
    path("plans/<slug:plan>/reports/<int:fiscal_year>/", public.report_detail, name="report_detail"),
    path("plans/<slug:plan>/reports/<int:fiscal_year>.pdf", public.report_pdf, name="report_pdf"),
    path("plans/<slug:plan>/reports/<int:fiscal_year>.csv", public.report_csv, name="report_csv"),
    path("plans/<slug:plan>/reports/<int:fiscal_year>.json", public.report_json, name="report_json"),
    path(
        "plans/<slug:plan>/reports/<int:fiscal_year>/editions/<int:edition>/",
        public.report_edition,
        name="report_edition",
    ),
    path(
        "plans/<slug:plan>/reports/<int:fiscal_year>/editions/<int:edition>.pdf",
        public.report_edition_pdf,
        name="report_edition_pdf",
    ),
    path("office/plans/", office.plan_list, name="office_plan_list"),
    path("office/plans/<slug:plan>/", office.plan_detail, name="office_plan_detail"),
    path("office/plans/<slug:plan>/reports/", office.report_list, name="report_list"),
    path("office/plans/<slug:plan>/reports/make/", office.make_report, name="make_report"),
    path("office/progress/", progress.progress_home, name="progress_home"),
    path("office/progress/<slug:plan>/open/", progress.open_year, name="open_year"),
    path("office/progress/<slug:plan>/ratings/", progress.rating_scheme, name="rating_scheme"),
    path(YEAR, progress.year_board, name="year_board"),
    path(f"{YEAR}ask/", progress.ask_departments, name="ask_departments"),
    path(f"{YEAR}close/", progress.close_year, name="close_year"),
    path(f"{YEAR}mine/", progress.own_reports, name="own_reports"),
    path(f"{YEAR}mine/submit/", progress.submit_reports, name="submit_reports"),
    path(f"{YEAR}mine/items/<slug:key>/", progress.save_report, name="save_report"),
    path(f"{YEAR}review/", progress.review_queue, name="review_queue"),
    path(f"{YEAR}items/<slug:key>/", progress.report_page, name="progress_report"),
    path(f"{YEAR}items/<slug:key>/accept/", progress.accept_report, name="accept_report"),
    path(f"{YEAR}items/<slug:key>/return/", progress.send_back_report, name="send_back_report"),
    path(f"{YEAR}standings/", progress.standings, name="standings"),
    path(f"{YEAR}standings/<slug:key>/", progress.set_standing, name="set_standing"),
    path(f"{YEAR}evaluations/", progress.evaluation_list, name="evaluation_list"),
    path(f"{YEAR}evaluations/new/", progress.record_evaluation, name="record_evaluation"),
    path(f"{YEAR}evaluations/<int:pk>/", progress.change_evaluation, name="change_evaluation"),
    path(f"{REPORT}/", office.report_detail, name="office_report_detail"),
    path(f"{REPORT}.pdf", office.report_pdf, name="office_report_pdf"),
    path(f"{REPORT}.csv", office.report_csv, name="office_report_csv"),
    path(f"{REPORT}.json", office.report_json, name="office_report_json"),
    path(f"{REPORT}/publish/", office.publish_report, name="publish_report"),
    path(f"{REPORT}/unfreeze/", office.unfreeze_report, name="unfreeze_report"),
    path(f"{REPORT}/corrections/", office.correct_report, name="correct_report"),
    path(f"{REPORT}/corrections/<int:pk>/withdraw/", office.withdraw_correction, name="withdraw_correction"),
    path(f"{REPORT}/corrections/make/", office.make_corrected_edition, name="make_corrected_edition"),
]
