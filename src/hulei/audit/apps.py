"""Django application of the audit ledger."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hulei.audit"
    label = "audit"
    verbose_name = "留痕"
