"""The addresses of cases, their notices, and what falls due."""

from __future__ import annotations

from django.urls import path

from infringewatch.web.views import cases, notices

urlpatterns = [
    path("due", cases.due, name="due"),
    path("cases", cases.cases, name="cases"),
    path("cases/new", cases.open_from_many, name="new_case"),
    path("cases/open", cases.open_from_hit, name="open_case"),
    path("cases/<int:case_id>", cases.case, name="case"),
    path("cases/<int:case_id>/add", cases.add, name="add_hits"),
    path("cases/<int:case_id>/remove/<int:hit_id>", cases.remove, name="remove_hit"),
    path("cases/<int:case_id>/close", cases.close, name="close_case"),
    path("cases/<int:case_id>/draft", notices.draft, name="draft"),
    path("notices/<int:notice_id>/gate", notices.gate, name="gate"),
    path("notices/<int:notice_id>/queue", notices.queue, name="queue_notice"),
    path("notices/<int:notice_id>/sent", notices.sent, name="mark_sent"),
    path("notices/<int:notice_id>/resolve", notices.resolve, name="resolve_notice"),
    path("notices/<int:notice_id>/happened", notices.happening, name="record_happening"),
    path("notices/<int:notice_id>/withdraw", notices.withdraw, name="withdraw_notice"),
]
