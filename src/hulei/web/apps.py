"""Django application of the page shell."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hulei.web"
    label = "web"
    verbose_name = "界面"
