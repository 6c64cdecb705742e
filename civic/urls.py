from django.urls import include, path

urlpatterns = [
    path("", include("civic.site.urls")),
]
