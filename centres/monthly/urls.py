from django.urls import path

from centres.monthly import views

app_name = "monthly"
urlpatterns = [
    path("office/monthly/", views.report_list, name="report_list"),
    path("office/monthly/make/", views.make, name="make"),
    path("office/monthly/<int:year>/<int:month>/", views.report, name="report"),
    path("office/monthly/<int:year>/<int:month>/words/", views.words, name="words"),
    path("office/monthly/<int:year>/<int:month>/close/", views.close, name="close"),
    path("office/monthly/<int:year>/<int:month>/correct/", views.correct, name="correct"),
    path("office/monthly/<int:year>/<int:month>/correct/drop/", views.correct_drop, name="correct_drop"),
    path("office/monthly/<int:year>/<int:month>/report.pdf", views.report_pdf, name="report_pdf"),
    path("office/monthly/<int:year>/<int:month>/report.xlsx", views.report_xlsx, name="report_xlsx"),
]
