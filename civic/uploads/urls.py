from django.urls import path

from civic.uploads import views

app_name = "uploads"
urlpatterns = [path("<slug:municipality>/files/<int:pk>/", views.uploaded_file, name="file")]
