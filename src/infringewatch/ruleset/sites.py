"""Site profiles: where a site starts, what its links and fields look like, how gently to ask it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from infringewatch.hosts import is_host
from infringewatch.model import Item, ItemKind
from infringewatch.ruleset.tables import Table, closed

ITEM_FIELDS = frozenset(spec.name for spec in fields(Item)) - {"id", "kind", "url", "sources", "seen_at"}


class SiteKind(StrEnum):
    MARKETPLACE = "marketplace"
    LITERATURE = "literature"
    VIDEO = "video"
    AUTO = "auto"


class LinkRole(StrEnum):
    """What stands behind a link. ``download`` is a file such as an EPUB, read as the text that it holds."""

    LIST = "list"
    ITEM = "item"
    BOOK = "book"
    CHAPTER = "chapter"
    SHOP = "shop"
    NEXT = "next"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class LinkRule:
    """How links of a role are known: inside one of the CSS selections, or by a regular expression on the whole
    address. Where both are given, both must hold."""

    css: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a field's value stands: CSS selectors tried in order, ``attr`` instead of the text, the first group
    of ``regex`` instead of the whole, all matches joined by ``join`` instead of the first."""

    css: tuple[str, ...]
    attr: str = ""
    regex: str = ""
    join: str | None = None


@dataclass(frozen=True, slots=True)
class Pagination:
    """Pages that exist only as ``?page=N``: the parameter, its first value, and how many pages at most."""

    param: str = ""
    first: int = 1
    max_pages: int = 0


@dataclass(frozen=True, slots=True)
class BrowserPlan:
    """What a browser does on a page before it is read. ``always`` asks every page by browser."""

    always: bool = False
    scroll: int = 0
    click: tuple[str, ...] = ()
    wait_for: str = ""
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """One file of ``rules/sites``. Everything but hosts and start addresses may be left out.

    ``fields`` hold for every page; ``fields_by_kind`` go before them on pages of that kind.
    ``cards`` selects the boxes on list pages that are items of their own, read by ``card_fields``; a page that shows
    any is a list.
    ``filled`` names, by kind of item, the fields that items of this site have always had: a crawl reports where one is empty.
    ``supervised`` is a content supplier under measure 36: works found there stand in its queue, unless the campaign
    names a measure. ``rate`` is requests per second to one host. ``missing_text`` are words that only this site's page for
    a missing address shows.
    """

    name: str
    hosts: tuple[str, ...]
    start: tuple[str, ...]
    version: int = 1
    title: str = ""
    kind: SiteKind = SiteKind.AUTO
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    roles: Mapping[LinkRole, LinkRule] = field(default_factory=dict)
    pagination: Pagination = Pagination()
    fields: Mapping[str, Selector] = field(default_factory=dict)
    fields_by_kind: Mapping[ItemKind, Mapping[str, Selector]] = field(default_factory=dict)
    filled: Mapping[ItemKind, tuple[str, ...]] = field(default_factory=dict)
    cards: tuple[str, ...] = ()
    card_fields: Mapping[str, Selector] = field(default_factory=dict)
    browser: BrowserPlan = BrowserPlan()
    rate: float = 1.0
    concurrency: int = 2
    currency: str = ""
    charset: str = ""
    sitemap: tuple[str, ...] = ()
    missing_text: tuple[str, ...] = ()
    supervised: bool = False

    def selectors_for(self, kind: ItemKind) -> Mapping[str, Selector]:
        return {**self.fields, **self.fields_by_kind.get(kind, {})}


def read_profile(table: Table) -> SiteProfile:
    return SiteProfile(
        name=table.text("name", required=True, pattern=r"[\w.-]+"),
        hosts=_read_hosts(table),
        start=read_addresses(table, "start", required=True),
        version=table.integer("version", 1, low=1, high=1_000_000),
        title=table.text("title"),
        kind=table.choice("kind", SiteKind, SiteKind.AUTO),
        allow=table.regexes("allow"),
        deny=table.regexes("deny"),
        roles=_read_roles(table.table("roles")),
        pagination=_read_pagination(table.table("pagination")),
        fields=_read_selectors(table.table("fields")),
        fields_by_kind=_read_selectors_by_kind(table.table("fields_by_kind")),
        filled=_read_filled(table.table("filled")),
        cards=table.selectors("cards"),
        card_fields=_read_selectors(table.table("card_fields")),
        browser=_read_browser(table.table("browser")),
        rate=table.number("rate", 1.0, low=0.001, high=100),
        concurrency=table.integer("concurrency", 2, low=1, high=32),
        currency=table.text("currency", pattern="[A-Z]{3}|"),
        charset=_read_charset(table),
        sitemap=read_addresses(table, "sitemap"),
        missing_text=table.texts("missing_text"),
        supervised=table.flag("supervised"),
    )


def read_addresses(table: Table, key: str, *, required: bool = False) -> tuple[str, ...]:
    """Whole http(s) addresses."""
    addresses = table.texts(key, required=required)
    for address in addresses:
        if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", address):
            table.fault(key, f"{address!r} is not an http or https address")
    return addresses


def _read_hosts(table: Table) -> tuple[str, ...]:
    hosts = table.texts("hosts", required=True)
    for host in hosts:
        if not is_host(host):
            table.fault("hosts", f"{host!r} is not a host, host:port or *.host")
    return hosts


def _read_charset(table: Table) -> str:
    charset = table.text("charset")
    try:
        "".encode(charset or "utf-8")
    except LookupError:
        table.fault("charset", f"{charset!r} is not a known encoding")
    return charset


def _read_roles(table: Table | None) -> Mapping[LinkRole, LinkRule]:
    if table is None:
        return {}
    rules = {role: _read_link_rule(table, role) for role in LinkRole if role in table.names}
    table.close()
    return rules


def _read_link_rule(table: Table, role: LinkRole) -> LinkRule:
    if not table.is_table(role):
        return LinkRule(css=table.selectors(role))
    inner = table.table(role)
    if inner is None:
        return LinkRule()
    rule = LinkRule(inner.selectors("css"), inner.regexes("pattern"))
    if rule == LinkRule():
        table.fault(role, "css or pattern is needed")
    inner.close()
    return rule


def _read_pagination(table: Table | None) -> Pagination:
    if table is None:
        return Pagination()
    pagination = Pagination(
        table.text("param", required=True),
        table.integer("first", 1, low=0, high=1000),
        table.integer("max_pages", low=0, high=100_000),
    )
    table.close()
    return pagination


def _read_selectors(table: Table | None) -> Mapping[str, Selector]:
    if table is None:
        return {}
    found = {name: _read_selector(table, name) for name in sorted(ITEM_FIELDS & set(table.names))}
    for name in set(table.names) - ITEM_FIELDS:
        table.texts(name) if not table.is_table(name) else table.table(name)
        table.fault(name, f"is no field of an item; there are {', '.join(sorted(ITEM_FIELDS))}")
    return found


def _read_selector(table: Table, name: str) -> Selector:
    if not table.is_table(name):
        return Selector(table.selectors(name, required=True))
    inner = table.table(name)
    if inner is None:
        return Selector(())
    joined = inner.text("join") if "join" in inner.names else None
    selector = Selector(inner.selectors("css", required=True), inner.text("attr"), inner.regex("regex"), joined)
    inner.close()
    return selector


def _read_selectors_by_kind(table: Table | None) -> Mapping[ItemKind, Mapping[str, Selector]]:
    if table is None:
        return {}
    found = {kind: _read_selectors(table.table(kind)) for kind in ItemKind if kind in table.names}
    table.close()
    return found


def _read_filled(table: Table | None) -> Mapping[ItemKind, tuple[str, ...]]:
    if table is None:
        return {}
    found = {kind: table.texts(kind) for kind in ItemKind if kind in table.names}
    for kind, names in found.items():
        for name in names:
            if name not in ITEM_FIELDS:
                table.fault(kind, f"{name!r} is no field of an item")
    table.close()
    return found


def _read_browser(table: Table | None) -> BrowserPlan:
    if table is None:
        return BrowserPlan()
    plan = BrowserPlan(
        table.flag("always"),
        table.integer("scroll", low=0, high=200),
        table.texts("click"),
        table.text("wait_for"),
        table.number("wait_seconds", low=0, high=60),
    )
    table.close()
    return plan


def read_inline_profiles(tables: list[Table]) -> tuple[SiteProfile, ...]:
    return tuple(read_profile(table) for table in closed(tables))
