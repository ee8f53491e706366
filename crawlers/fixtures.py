"""`python -m crawlers.fixtures`: a site's pages with the items that they gave, kept so that a changed layout is noticed.

A fixture is a folder: profile.yaml, pages.jsonl (as `extract` reads it), the pages' bodies, and items.jsonl with the
items that are expected. Recording asks the site by the probe's short crawl; checking asks nobody.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from crawlers.drafting import SeenPage, draft_profile, render_draft
from crawlers.extract import iter_saved_pages, read_saved_body
from crawlers.pages import PageReading, read_page
from crawlers.probe import ProbeSpider, look_at
from infringewatch.errors import Fault, InfringeWatchError, InputError
from infringewatch.model import Outcome
from infringewatch.ruleset import SiteProfile, load_profile
from infringewatch.settings import get_settings

PAGES, ITEMS, PROFILE = "pages.jsonl", "items.jsonl", "profile.yaml"
_PAGES_A_KIND = 4
_NOT_COMPARED = frozenset({"id", "seen_at", "sources"})
_SHOWN = 80  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """A field of an item of a page that is no longer what it was; empty texts stand for nothing."""

    page: str
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        told = f"is empty, was “{self.expected[:_SHOWN]}”" if not self.found else f"“{self.found[:_SHOWN]}”"
        before = f", was “{self.expected[:_SHOWN]}”" if self.found and self.expected else ""
        return f"{self.page}: {self.field}: {told}{before}"


def record_fixture(folder: Path, start: str, pages: Iterable[SeenPage], profile: str) -> int:
    """Keep up to four pages of each kind that gave items. Returns how many; ``profile`` is its YAML."""
    kept = list(_worth_keeping(pages))
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / PROFILE).write_text(profile, encoding="utf-8")
    loaded = load_profile(folder / PROFILE)
    with (folder / PAGES).open("w", encoding="utf-8") as lines, (folder / ITEMS).open("w", encoding="utf-8") as items:
        for number, page in enumerate(kept, start=1):
            assert page.reading is not None
            name = f"{number:03d}"
            (folder / "pages" / f"{name}.html.gz").write_bytes(gzip.compress(page.body, mtime=0))
            row = {
                "id": name,
                "url": page.reading.url,
                "path": f"pages/{name}.html.gz",
                "content_type": f"text/html; charset={page.reading.encoding}",
            }
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            for record in _records(_read(row["url"], page.body, row["content_type"], loaded)):
                items.write(json.dumps({"page": name, **record}, ensure_ascii=False) + "\n")
    return len(kept)


def check_fixture(folder: Path) -> list[Change]:
    """What the fixture's pages give now and did not give then, page by page and field by field.

    Raises InputError where the folder is no fixture.
    """
    try:
        profile = load_profile(folder / PROFILE)
        expected = _expected(folder / ITEMS)
        faults: list[Fault] = []
        changes: list[Change] = []
        for page in iter_saved_pages(folder / PAGES, faults):
            reading = _read(page.url, read_saved_body(page.path), page.content_type, profile)
            changes += _compare(page.url, expected.get(page.id, []), list(_records(reading)))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: is no site fixture ({error})") from error
    if faults:
        raise InputError(f"{folder}: is no site fixture ({faults[0]})")
    return changes


def _worth_keeping(pages: Iterable[SeenPage]) -> Iterator[SeenPage]:
    kinds: Counter[str] = Counter()
    for page in pages:
        reading = page.reading
        if page.outcome is not Outcome.OK or reading is None or not reading.items or not page.body:
            continue
        if reading.sources_used != ("file",) and kinds[reading.page_kind] < _PAGES_A_KIND:
            kinds[reading.page_kind] += 1
            yield page


def _read(url: str, body: bytes, content_type: str, profile: SiteProfile) -> PageReading:
    return read_page(url, body, content_type=content_type, profile=profile)


def _records(reading: PageReading) -> Iterator[dict[str, Any]]:
    for item in reading.items:
        yield {name: value for name, value in item.to_record().items() if name not in _NOT_COMPARED}


def _expected(file: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found.setdefault(str(record.pop("page")), []).append(record)
    return found


def _compare(page: str, expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> Iterator[Change]:
    """Items are matched by address; the page's own item counts as the same under another address too."""
    by_url = {str(record.get("url")): record for record in found}
    for number, record in enumerate(expected):
        now = by_url.get(str(record.get("url"))) or (found[0] if number == 0 and found else None)
        if now is None:
            yield Change(page, "item", str(record.get("title") or record.get("url")), "")
            continue
        for name in sorted({*record, *now}):
            before, after = record.get(name), now.get(name)
            if before != after:
                yield Change(page, name, _text(before), _text(after))
    if len(found) != len(expected):
        yield Change(page, "items", str(len(expected)), str(len(found)))


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@click.group()
def main() -> None:
    """Keep what a site's pages give, and check that they still do."""


@main.command()
@click.argument("url")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--profile", type=click.Path(path_type=Path))
@click.option("--max-pages", default=40)
@click.option("--max-time", default=180)
@click.option("--allow-private", is_flag=True)
def record(url: str, out: Path, profile: Path | None, max_pages: int, max_time: int, allow_private: bool) -> None:
    """Crawl a little of URL and keep pages of each kind with their items."""
    if allow_private:
        os.environ["INFRINGEWATCH_ALLOW_PRIVATE"] = "1"
        get_settings.cache_clear()
    os.environ.pop("DATABASE_URL", None)  # the frontier is a file that is thrown away
    ProbeSpider.keeps_bodies = True
    try:
        given = profile.read_text(encoding="utf-8") if profile else ""
        loaded = load_profile(profile) if profile else None
        pages = look_at(url, pages=max_pages, seconds=max_time, allow_private=allow_private, profile=loaded)
        count = record_fixture(out, url, pages, given or render_draft(draft_profile(url, pages)))
    except (InfringeWatchError, OSError) as error:
        click.echo(f"infringewatch site record: {error}", err=True)
        sys.exit(2)
    click.echo(f"{count} pages with items of {len(pages)} kept in {out}", err=True)
    sys.exit(0 if count else 2)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Read the kept pages again and name every field that changed."""
    try:
        changes = check_fixture(folder)
    except InfringeWatchError as error:
        click.echo(f"infringewatch site check: {error}", err=True)
        sys.exit(2)
    for change in changes:
        click.echo(str(change))
    sys.exit(1 if changes else 0)


if __name__ == "__main__":
    main()
