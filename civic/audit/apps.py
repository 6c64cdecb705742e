from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "civic.audit"
    label = "audit"
    verbose_name = "操作の記録"
