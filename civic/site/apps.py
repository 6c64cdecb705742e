from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "civic.site"
    label = "site"
    verbose_name = "ポータル"
