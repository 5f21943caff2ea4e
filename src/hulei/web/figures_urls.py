"""Addresses of the figures."""

from django.urls import path

from hulei.web.figures import views

urlpatterns = [
    path("", views.leaders, name="leaders"),
    path("report.docx", views.report_word, name="report_word"),
    path("report.json", views.report_json, name="report_json"),
    path("<str:metric_id>/", views.metric, name="metric"),
]
