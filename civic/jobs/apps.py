from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "civic.jobs"
    label = "jobs"
    verbose_name = "処理"
