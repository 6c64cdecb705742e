from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "centres.registration"
    label = "registration"
    verbose_name = "団体登録"
