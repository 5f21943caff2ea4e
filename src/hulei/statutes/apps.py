"""Django application of the statutes: no tables, the catalogue is files."""

from django.apps import AppConfig


class StatutesConfig(AppConfig):
    name = "hulei.statutes"
    label = "statutes"
    verbose_name = "法规目录"
