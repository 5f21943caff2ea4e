"""Addresses of the pages. Every kind of record has the same five."""

from django.urls import include, path

from hulei.web import contacts, figures_urls, home, session, statutes
from hulei.web.api import api
from hulei.web.intake import views as intake
from hulei.web.records import views as records

urlpatterns = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("alive", session.alive, name="alive"),
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("hat", session.change_hat, name="change_hat"),
    path("password", session.change_password, name="change_password"),
    path("language", session.change_language, name="change_language"),
    path("figures/", include(figures_urls)),
    path("intake/", intake.upload, name="intake_upload"),
    path("intake/empty/<str:ledger>.xlsx", intake.empty_sheet, name="intake_empty_sheet"),
    path("intake/<int:upload_id>/", intake.preview, name="intake_preview"),
    path("intake/<int:upload_id>/mapping/<int:sheet_id>", intake.remap, name="intake_remap"),
    path("intake/<int:upload_id>/confirm", intake.confirm, name="intake_confirm"),
    path("intake/<int:upload_id>/drop", intake.drop, name="intake_drop"),
    path("intake/<int:upload_id>/progress", intake.progress, name="intake_progress"),
    path("intake/<int:upload_id>/result", intake.result, name="intake_result"),
    path("intake/<int:upload_id>/hand-back/<int:sheet_id>.xlsx", intake.hand_back, name="intake_hand_back"),
    path("statutes/", statutes.articles, name="statutes"),
    path("statutes/<str:ref>/", statutes.article, name="statutes_article"),
    path("api/v1/", api.urls),
    path("people/minor/<int:record_id>/contact", contacts.contact, name="minor_contact"),
    path("<str:package>/<str:noun>/", records.record_list, name="record_list"),
    path("<str:package>/<str:noun>/add", records.record_form, name="record_add"),
    path("<str:package>/<str:noun>/export", records.record_export, name="record_export"),
    path("<str:package>/<str:noun>/<int:record_id>/", records.record_detail, name="record_detail"),
    path("<str:package>/<str:noun>/<int:record_id>/edit", records.record_form, name="record_edit"),
]
