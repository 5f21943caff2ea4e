"""Django application of 宣教工程."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "hulei.outreach"
    label = "outreach"
    verbose_name = "宣教工程"
