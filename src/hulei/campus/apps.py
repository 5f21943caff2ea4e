"""Django application of 校园防护."""

from django.apps import AppConfig


class CampusConfig(AppConfig):
    name = "hulei.campus"
    label = "campus"
    verbose_name = "校园防护"
