"""Django application of the page shell."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hulei.web"
    label = "web"
    verbose_name = "界面"

    def ready(self) -> None:
        """Connect events with who listens. Here, because nothing below may know the chapters' order."""
        from hulei.journeys import delivery

        delivery.connect()
