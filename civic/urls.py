from django.urls import include, path

urlpatterns = [
    # First: the portal's own addresses come before `<slug:municipality>/`.
    path("", include("civic.accounts.urls")),
    path("", include("civic.audit.urls")),
    path("", include("civic.jobs.urls")),
    path("", include("civic.uploads.urls")),
    path("", include("civic.site.urls")),
    path("<slug:municipality>/", include("centres.urls")),
    path("<slug:municipality>/", include("centres.monthly.urls")),
    path("<slug:municipality>/", include("centres.rooms.urls")),
    path("<slug:municipality>/", include("centres.information.urls")),
    path("<slug:municipality>/", include("centres.events.urls")),
    path("<slug:municipality>/", include("centres.registration.urls")),
    path("<slug:municipality>/", include("matching.urls")),
    path("<slug:municipality>/", include("plans.urls")),
]

handler400 = "civic.site.errors.bad_request"
handler404 = "civic.site.errors.page_not_found"
handler500 = "civic.site.errors.server_error"
