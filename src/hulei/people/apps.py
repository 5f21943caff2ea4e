"""Django application of minors and their families."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hulei.people"
    label = "people"
    verbose_name = "未成年人"
