from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "civic.runtime"
    label = "runtime"
    verbose_name = "運用"
