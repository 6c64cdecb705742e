from django.urls import path

from centres.information.views import feeds, office, photos, public

app_name = "information"
urlpatterns = [
    path("news/", public.news_list, name="news_list"),
    path("news/feed/", feeds.news_feed, name="news_feed"),
    path("news/<int:pk>/", public.news_detail, name="news_detail"),
    path("news/grants/", public.grant_list, name="grant_list"),
    path("news/grants/feed/", feeds.grant_feed, name="grant_feed"),
    path("news/grants/<int:pk>/", public.grant_detail, name="grant_detail"),
    path("cases/", public.case_list, name="case_list"),
    path("cases/feed/", feeds.case_feed, name="case_feed"),
    path("cases/<int:pk>/", public.case_detail, name="case_detail"),
    path("office/information/", office.entry_list, {"kind": "news"}, name="news_office"),
    path("office/information/news/new/", office.entry_new, {"kind": "news"}, name="news_new"),
    path("office/information/grants/", office.entry_list, {"kind": "grants"}, name="grants_office"),
    path("office/information/grants/new/", office.entry_new, {"kind": "grants"}, name="grants_new"),
    path("office/information/cases/", office.entry_list, {"kind": "cases"}, name="cases_office"),
    path("office/information/cases/new/", office.entry_new, {"kind": "cases"}, name="cases_new"),
    path("office/information/cases/<int:pk>/photos/new/", photos.photo_new, name="photo_new"),
    path("office/information/photos/<int:pk>/", photos.photo_edit, name="photo_edit"),
    path("office/information/photos/<int:pk>/delete/", photos.photo_delete, name="photo_delete"),
    path("office/information/<str:kind>/<int:pk>/", office.entry_detail, name="entry_detail"),
    path("office/information/<str:kind>/<int:pk>/edit/", office.entry_edit, name="entry_edit"),
    path("office/information/<str:kind>/<int:pk>/publish/", office.entry_publish, name="entry_publish"),
    path("office/information/<str:kind>/<int:pk>/withdraw/", office.entry_withdraw, name="entry_withdraw"),
    path("office/information/<str:kind>/<int:pk>/delete/", office.entry_delete, name="entry_delete"),
]
