"""Django application of record linkage."""

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "hulei.linkage"
    label = "linkage"
    verbose_name = "同人归并"
