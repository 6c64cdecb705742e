from django.conf import settings
from django.urls import path

from civic.site import views
from civic.site.compare import compare
from civic.site.components import components

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", views.municipality_list, name="municipality_list"),
    path("compare/", compare, name="compare"),
    *([path("components/", components, name="components")] if settings.DEBUG else []),
    path("<slug:municipality>/", views.home, name="home"),
    path("<slug:municipality>/accessibility/", views.accessibility, name="accessibility"),
    path("<slug:municipality>/privacy/", views.privacy, name="privacy"),
    path("<slug:municipality>/office/", views.office_home, name="office_home"),
]
