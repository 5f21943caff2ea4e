"""Django application of the intake of ledgers."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hulei.intake"
    label = "intake"
    verbose_name = "台账导入"
