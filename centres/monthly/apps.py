from django.apps import AppConfig


class MonthlyConfig(AppConfig):
    name = "centres.monthly"
    label = "monthly"
    verbose_name = "月次報告書"
