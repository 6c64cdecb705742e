from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "civic.jobs"
    label = "jobs"
    verbose_name = "処理"

    def ready(self) -> None:
        # Each app declares its kinds of long work in its `jobs.py`.
        autodiscover_modules("jobs")
