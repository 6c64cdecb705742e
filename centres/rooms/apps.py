from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "centres.rooms"
    label = "rooms"
    verbose_name = "活動の場"
