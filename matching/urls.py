from django.urls import path

from matching.afterwards import urls as afterwards
from matching.introductions import urls as introductions
from matching.requests import urls as requests
from matching.supporters import urls as supporters
from matching.views import leaving, public

app_name = "matching"
urlpatterns = [
    path("guild/", public.guild, name="guild"),
    path("guild/requests/<int:number>/", public.request_detail, name="request_detail"),
    *supporters.urlpatterns,
    *requests.urlpatterns,
    *introductions.urlpatterns,
    *afterwards.urlpatterns,
    # What ends introductions as well
    path("office/guild/supporters/<int:pk>/consents/", leaving.supporter_consents, name="supporter_consents"),
    path("office/guild/supporters/<int:pk>/leave/", leaving.supporter_leave, name="supporter_leave"),
]
