"""Django application of 未保体系."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "hulei.governance"
    label = "governance"
    verbose_name = "未保体系"
