"""The address table."""

from django.urls import include, path

handler400 = "hulei.web.errors.bad_request"
handler403 = "hulei.web.errors.forbidden"
handler404 = "hulei.web.errors.not_found"
handler500 = "hulei.web.errors.server_error"

urlpatterns = [path("", include("hulei.web.urls"))]
