from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "civic.tenancy"
    label = "tenancy"
    verbose_name = "自治体"

    def ready(self) -> None:
        from civic.tenancy import checks  # noqa: F401  registers the system checks
