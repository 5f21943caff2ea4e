"""Django application of accounts and access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "hulei.access"
    label = "access"
    verbose_name = "账号与权限"
