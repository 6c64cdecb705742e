from django.urls import path
from django.urls.resolvers import URLPattern

from matching.requests import views

urlpatterns: list[URLPattern] = [
    path("office/guild/requests/", views.request_list, name="request_list"),
    path("office/guild/requests/new/", views.request_new, name="request_new"),
    path("office/guild/requests/<int:number>/", views.office_request, name="office_request"),
    path("office/guild/requests/<int:number>/copy/", views.request_copy, name="request_copy"),
    path("office/guild/requests/<int:number>/shifts/add/", views.request_shift_add, name="request_shift_add"),
    path("office/guild/requests/<int:number>/shifts/series/", views.request_shift_series, name="request_shift_series"),
    path("office/guild/requests/<int:number>/shifts/<int:shift>/", views.request_shift_edit, name="request_shift_edit"),
    path(
        "office/guild/requests/<int:number>/shifts/<int:shift>/remove/",
        views.request_shift_remove,
        name="request_shift_remove",
    ),
]
