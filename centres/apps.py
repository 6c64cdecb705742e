from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CentresConfig(AppConfig):
    name = "centres"
    verbose_name = "市民活動センター"

    def ready(self) -> None:
        # The apps on top of this one add to a group's page, and offer what somebody who asks can be led on to.
        autodiscover_modules("group_page", "occasions")
