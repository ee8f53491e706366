"""Addresses that a site does not link to: the next ``?page=N``, a search for a term, a page that cannot exist. Pure."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit


def page_number(url: str, parameter: str, first: int) -> int:
    """The number of a page in a list; an address without the parameter is the first."""
    for key, value in parse_qsl(urlsplit(url).query):
        if key == parameter and value.isdecimal():
            return int(value)
    return first


def with_parameter(url: str, parameter: str, value: int) -> str:
    """The same address with one parameter set, the others untouched and in their order."""
    parts = urlsplit(url)
    pairs = [(key, old) for key, old in parse_qsl(parts.query, keep_blank_values=True) if key != parameter]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (parameter, str(value))]), fragment=""))


def fill_search(template: str, term: str) -> str:
    """The address of a site's own search page for one term."""
    return template.replace("{query}", quote(term, safe=""))


def missing_address(url: str, run: int) -> str:
    """An address on the same host that surely leads to nothing, the same for the whole run."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/infringewatch-asks-for-a-missing-page-{run}", "", ""))
