"""The web app's addresses."""

from __future__ import annotations

from django.urls import path, re_path
from django.urls.resolvers import URLPattern, URLResolver

from infringewatch.web import case_urls
from infringewatch.web.views import (
    batch,
    beside,
    campaigns,
    decide,
    evidence,
    export,
    hit,
    list_page,
    palette,
    plans,
    queue,
    session,
    watchlists,
    works,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", queue.start, name="start"),
    path("login", session.log_in, name="login"),
    path("logout", session.log_out, name="logout"),
    path("language", session.choose_language, name="language"),
    path("palette", palette.palette, name="palette"),
    path("find", palette.find, name="find"),
    path("queue/<str:measure>", queue.queue, name="queue"),
    path("queue/<str:measure>/facets", queue.facets, name="facets"),
    re_path(r"^queue/(?P<measure>\w+)/hits\.(?P<form>csv|xlsx)$", export.export, name="export"),
    path("queue/<str:measure>/batch", batch.batch, name="batch"),
    path("queue/<str:measure>/undo", batch.undo_batch, name="undo_batch"),
    path("hits/<int:hit_id>", hit.hit, name="hit"),
    path("hits/<int:hit_id>/screenshot.png", hit.screenshot, name="screenshot"),
    path("hits/<int:hit_id>/beside", beside.beside, name="beside"),
    path("hits/<int:hit_id>/beside/<int:sighting_id>", beside.beside, name="beside_one"),
    path("hits/<int:hit_id>/thumb.webp", hit.thumbnail, name="thumbnail"),
    path("hits/<int:hit_id>/registered/<int:number>.webp", hit.registered, name="registered"),
    path("hits/<int:hit_id>/decide", decide.decide_hit, name="decide"),
    path("hits/<int:hit_id>/undo", decide.undo, name="undo"),
    path("hits/<int:hit_id>/allow", decide.add_permission, name="allow"),
    path("hits/<int:hit_id>/comment", hit.comment, name="comment"),
    path("hits/<int:hit_id>/snooze", hit.snooze, name="snooze"),
    path("hits/<int:hit_id>/recheck", hit.recheck, name="recheck"),
    path("hits/<int:hit_id>/capture", hit.capture, name="capture"),
    path("hits/<int:hit_id>/verify", evidence.verify, name="verify"),
    path("hits/<int:hit_id>/evidence.zip", evidence.export, name="evidence_zip"),
    *case_urls.urlpatterns,
    path("watchlists", watchlists.watchlists, name="watchlists"),
    path("watchlists/new", watchlists.hand_in, name="hand_in"),
    path("watchlists/preview", watchlists.preview, name="preview_list"),
    path("watchlists/confirm", watchlists.confirm, name="confirm_list"),
    path("watchlists/<int:list_id>", list_page.watchlist, name="watchlist"),
    path("campaigns", campaigns.campaigns, name="campaigns"),
    path("campaigns/new", plans.edit, name="new_campaign"),
    path("campaigns/<int:campaign_id>", campaigns.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/plan", plans.edit, name="edit_campaign"),
    path("campaigns/<int:campaign_id>/run", campaigns.begin, name="begin_run"),
    path("campaigns/<int:campaign_id>/switch", campaigns.switch, name="switch_campaign"),
    path("runs/<int:run_id>", campaigns.run, name="run"),
    path("runs/<int:run_id>/stop", campaigns.stop, name="stop_run"),
    path("runs/<int:run_id>/go-on", campaigns.go_on, name="go_on_run"),
    path("works", works.works, name="works"),
]

handler400 = "infringewatch.web.views.errors.bad_request"
handler403 = "infringewatch.web.views.errors.forbidden"
handler404 = "infringewatch.web.views.errors.not_found"
handler500 = "infringewatch.web.views.errors.server_error"
