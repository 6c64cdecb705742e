from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MeasuresConfig(AppConfig):
    name = "civic.measures"
    label = "measures"
    verbose_name = "実績の集計"

    def ready(self) -> None:
        autodiscover_modules("measures")
