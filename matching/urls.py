from django.urls import path

from matching import views
from matching.afterwards import urls as afterwards
from matching.introductions import urls as introductions
from matching.requests import urls as requests
from matching.supporters import urls as supporters

app_name = "matching"
urlpatterns = [
    path("guild/", views.guild, name="guild"),
    path("guild/requests/<int:number>/", views.request_detail, name="request_detail"),
    *supporters.urlpatterns,
    *requests.urlpatterns,
    *introductions.urlpatterns,
    *afterwards.urlpatterns,
]
