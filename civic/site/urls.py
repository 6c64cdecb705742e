from django.urls import path

from civic.site import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", views.municipality_list, name="municipality_list"),
    path("<slug:municipality>/", views.home, name="home"),
]
