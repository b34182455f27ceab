"""Addresses of pages."""

from django.urls import path

from nextplay.web.pages import (
    account,
    behind,
    customize,
    dashboard,
    data,
    decisions,
    focus,
    home,
    imports,
    jobs,
    lifecycle,
    partners,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("appearance", account.appearance, name="appearance"),
    path("dashboard", dashboard.dashboard, name="dashboard"),
    path("dashboard/behind/<slug:tile>", behind.behind, name="behind"),
    path("lifecycle", lifecycle.lifecycle, name="lifecycle"),
    path("customize/<slug:view>", customize.customize, name="customize"),
    path("focus", focus.focus, name="focus"),
    path("focus/how", focus.how, name="focus-how"),
    path("focus/left-out", focus.left_out, name="left-out"),
    path("focus/propose", jobs.propose, name="propose"),
    path("focus/<str:decision_id>/commit", decisions.commit, name="commit"),
    path("focus/<str:decision_id>/reassign", decisions.reassign, name="reassign"),
    path("focus/<str:decision_id>/decline", decisions.decline, name="decline"),
    path("focus/<str:decision_id>/snooze", decisions.snooze, name="snooze"),
    path("focus/<str:decision_id>/undo", decisions.undo, name="undo"),
    path("partners", partners.partners, name="partners"),
    path("partners/export.<slug:kind>", partners.export, name="partners-export"),
    path("partners/<path:partner_id>/refresh", jobs.refresh_scores, name="refresh-scores"),
    path("partners/<path:partner_id>", partners.partner, name="partner"),
    path("analyze", jobs.analyze_all, name="analyze"),
    path("data", data.data, name="data"),
    path("data/import", imports.choose, name="import"),
    path("data/import/<str:token>", imports.check, name="import-check"),
    path("data/sample", jobs.sample, name="load-sample"),
    path("data/rejected/<str:name>", data.rejected, name="rejected"),
    path("jobs/<int:job_id>", jobs.job, name="job"),
]
