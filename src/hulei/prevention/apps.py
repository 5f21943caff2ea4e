"""Django application of 触法预防."""

from django.apps import AppConfig


class PreventionConfig(AppConfig):
    name = "hulei.prevention"
    label = "prevention"
    verbose_name = "触法预防"
