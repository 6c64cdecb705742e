from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "centres.events"
    verbose_name = "催し・講座"
