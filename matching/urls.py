from django.urls import path

from matching import views

app_name = "matching"
urlpatterns = [
    path("", views.guild, name="guild"),
    path("requests/<int:number>/", views.request_detail, name="request_detail"),
]
