from django.urls import path

from civic.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<slug:municipality>/office/jobs/", views.job_list, name="job_list"),
    path("<slug:municipality>/office/jobs/<int:number>/", views.job_detail, name="job_detail"),
    path("<slug:municipality>/office/jobs/<int:number>/file/", views.job_file, name="job_file"),
    path("<slug:municipality>/office/jobs/<int:number>/retry/", views.retry_job, name="job_retry"),
    path("<slug:municipality>/office/jobs/<int:number>/again/", views.make_again, name="job_again"),
]
