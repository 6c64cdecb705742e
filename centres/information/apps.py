from django.apps import AppConfig


class InformationConfig(AppConfig):
    name = "centres.information"
    label = "information"
    verbose_name = "お知らせ・助成金・活動事例"
