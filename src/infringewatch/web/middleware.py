"""The reader's own language and zone, and our errors as pages: a sentence, with the status that fits it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from infringewatch.errors import (
    InfringeWatchError,
    InputError,
    NotAllowed,
    NotFound,
    ServiceUnavailable,
    StaleState,
)
from infringewatch.store.models import User
from infringewatch.web.sentences import say

_STATUS: tuple[tuple[type[InfringeWatchError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (StaleState, 409),
    (InputError, 400),
    (ServiceUnavailable, 503),
)
_FAULTS = 50
ZONE_COOKIE = "zone"
Answer = Callable[[HttpRequest], HttpResponse]


class UserLanguageMiddleware:
    """Speaks the language that the user chose, whatever the browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language and translation.check_for_language(language):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self._get_response(request)
        if language:
            response["Content-Language"] = translation.get_language() or language
        return response


class ReaderZoneMiddleware:
    """Writes times in the zone that the reader's browser named in a cookie; in UTC where it named none."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(unquote(request.COOKIES.get(ZONE_COOKIE, "")))):
            return self._get_response(request)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name[:64])
    except (ZoneInfoNotFoundError, ValueError, OSError):  # nobody's zone, or a path that leads elsewhere
        return ZoneInfo("UTC")


class OwnErrorsMiddleware:
    """Turns what we raise on purpose into a page, or into the message line where HTMX asked."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if getattr(request, "htmx", False) and response.status_code == 302 and not _is_known(request):
            # HTMX would follow and put the login form into the middle of the page.
            return HttpResponse(headers={"HX-Redirect": response["Location"]})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, InfringeWatchError):
            return None
        status = next((code for kind, code in _STATUS if isinstance(exception, kind)), 500)
        context = {
            "message": say(str(exception)),
            "status": status,
            "faults": getattr(exception, "faults", ())[:_FAULTS],
        }
        if getattr(request, "htmx", False):
            response = render(request, "web/_message.html", context, status=200)
            response["HX-Reswap"] = "none"  # the message line travels out of band; the rest of the page stays
            return response
        return render(
            request, "web/error.html" if _is_known(request) else "web/error_plain.html", context, status=status
        )


def _is_known(request: HttpRequest) -> bool:
    return isinstance(getattr(request, "user", None), User)
