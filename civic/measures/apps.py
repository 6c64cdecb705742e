from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "civic.measures"
    label = "measures"
    verbose_name = "実績の集計"
