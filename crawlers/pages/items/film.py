"""A video's own page: what is shown, on whose channel, how long."""

from __future__ import annotations

from crawlers.pages.items.draft import Draft
from crawlers.pages.markup.schema import Thing, all_urls, first_url
from crawlers.pages.values.times import read_date, read_duration
from crawlers.pages.values.titles import best_title, similar
from crawlers.pages.view import PageView

_TYPES = ("videoobject", "movie", "tvepisode", "clip", "episode")


def is_video(view: PageView) -> bool:
    """Whether the page is about one video: its markup or its one player says so."""
    meta = view.source.meta
    if meta("og:type").startswith("video") or meta("og:video", "og:video:url"):
        return True
    return (
        bool(view.things_of(*_TYPES))
        or len(view.source.tree.css("main video, article video, video[src], video source")) == 1
    )


def draft_video(view: PageView) -> Draft:
    """Title, channel, description, duration, source and date of a video."""
    draft, meta = Draft(), view.source.meta
    thing = _main_video(view)
    if thing is not None:
        source = thing.markup
        draft.offer("title", thing.text("name", "headline"), source)
        draft.offer("description", thing.text("description"), source)
        draft.offer("channel", thing.text("author", "creator", "publisher", "productionCompany"), source)
        draft.offer("duration_s", read_duration(thing.text("duration")), source)
        draft.offer("published_at", read_date(thing.text("uploadDate", "datePublished")), source)
        draft.offer("image_urls", view.absolute_all(all_urls(thing.get("thumbnailUrl", "thumbnail", "image"))), source)
        draft.offer("video_path", view.source.absolute(first_url(thing.get("contentUrl"))), source)
    draft.offer("title", best_title([view.heading, meta("og:title"), view.page_title], view.site_name), "visible")
    draft.offer("channel", meta("video:director", "og:video:channel"), "og")
    for field, name in (
        ("channel", "channel"),
        ("seller", "channel"),
        ("author", "channel"),
        ("publisher", "publisher"),
    ):
        for pair in view.labelled(field)[:1]:
            draft.offer(name, pair.value[:80], "visible")
    draft.offer("channel", _visible_channel(view), "visible")
    draft.offer("duration_s", read_duration(meta("video:duration", "og:video:duration")), "og")
    draft.offer("description", meta("og:description", "description"), "og")
    draft.offer("image_urls", view.absolute_all(view.source.metas.get("og:image", [])), "og")
    player = view.source.tree.css_first("video[src], video source[src]")
    if player is not None:
        draft.offer("video_path", view.source.absolute(player.attributes.get("src") or ""), "visible")
    return draft


def _main_video(view: PageView) -> Thing | None:
    things = view.things_of(*_TYPES)
    return max(things, key=lambda thing: similar(thing.text("name"), view.page_title), default=None)


def _visible_channel(view: PageView) -> str:
    """The text of a link or box that calls itself the uploader's."""
    for css in ('[class*="channel" i]', '[class*="uploader" i]', '[rel="author"]', '[class*="up-name" i]'):
        for node in view.source.tree.css(css)[:3]:
            text = " ".join(node.text(separator=" ").split())
            if 1 < len(text) <= 60:
                return text
    return ""
