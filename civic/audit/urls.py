from django.urls import path

from civic.audit import views

app_name = "audit"
urlpatterns = [
    path("<slug:municipality>/office/audit/", views.change_list, name="change_list"),
    path("<slug:municipality>/office/audit/views/", views.viewing_list, name="viewing_list"),
]
