"""Addresses, and the pages that say what went wrong."""

from django.urls import include, path

urlpatterns = [path("", include("nextplay.web.urls"))]

handler403 = "nextplay.web.gate.not_allowed"
handler404 = "nextplay.web.gate.not_found"
handler500 = "nextplay.web.gate.broken"
