from django.urls import path

from matching.afterwards import urls as afterwards
from matching.introductions import urls as introductions
from matching.requests import urls as requests
from matching.supporters import urls as supporters
from matching.views import public
from matching.views import requests as requests_going_on
from matching.views import supporters as supporters_going_on

app_name = "matching"
urlpatterns = [
    path("guild/", public.guild, name="guild"),
    path("guild/requests/<int:number>/", public.request_detail, name="request_detail"),
    *supporters.urlpatterns,
    *requests.urlpatterns,
    *introductions.urlpatterns,
    *afterwards.urlpatterns,
    # What begins or ends introductions as well
    path("guild/join/<str:token>/", supporters_going_on.join_confirm, name="join_confirm"),
    path(
        "office/guild/supporters/<int:pk>/consents/", supporters_going_on.supporter_consents, name="supporter_consents"
    ),
    path("office/guild/supporters/<int:pk>/leave/", supporters_going_on.supporter_leave, name="supporter_leave"),
    path("office/guild/requests/<int:number>/edit/", requests_going_on.request_edit, name="request_edit"),
    path("office/guild/requests/<int:number>/submit/", requests_going_on.request_submit, name="request_submit"),
    path("office/guild/requests/<int:number>/open/", requests_going_on.request_open, name="request_open"),
    path(
        "office/guild/requests/<int:number>/send-back/", requests_going_on.request_send_back, name="request_send_back"
    ),
    path("office/guild/requests/<int:number>/cancel/", requests_going_on.request_cancel, name="request_cancel"),
]
