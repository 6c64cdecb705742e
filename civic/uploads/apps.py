from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UploadsConfig(AppConfig):
    name = "civic.uploads"
    label = "uploads"
    verbose_name = "送られたファイル"

    def ready(self) -> None:
        # Each app declares what it takes files for in its `uploads.py`.
        autodiscover_modules("uploads")
