"""The one door: a saved response in, a reading out. Chooses the reader by what the bytes are; never fetches."""

from __future__ import annotations

import re

from crawlers.pages.document import read_document
from crawlers.pages.reading import PageReading, ReadOptions
from infringewatch.ruleset import SiteProfile

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)


def read_page(
    url: str,
    body: bytes,
    *,
    content_type: str = "",
    declared_charset: str | None = None,
    profile: SiteProfile | None = None,
    thorough: bool = False,
    item_id: str = "",
    seen_at: str = "",
) -> PageReading:
    """What the response ``body`` of ``url`` says: items, links with roles, doubts. Never raises for what is in it.

    ``content_type`` is the header as it came; its charset is used where ``declared_charset`` is not given.
    A profile's charset goes before both.
    """
    header = _CHARSET.search(content_type)
    charset = (profile.charset if profile else "") or declared_charset or (header[1] if header else None)
    options = ReadOptions(profile, thorough, item_id, seen_at)
    return read_document(url, body, charset, options)
