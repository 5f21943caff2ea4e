"""Django application of the places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "hulei.places"
    label = "places"
    verbose_name = "区划与单位"
