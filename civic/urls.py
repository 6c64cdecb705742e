from django.urls import include, path

urlpatterns = [
    path("", include("civic.site.urls")),
]

handler400 = "civic.site.errors.bad_request"
handler404 = "civic.site.errors.page_not_found"
handler500 = "civic.site.errors.server_error"
