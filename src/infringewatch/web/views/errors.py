"""What is shown when a page cannot be: in the product's look, in the reader's language, for strangers too."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from infringewatch.store.models import User


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("This request cannot be read. Go back and try again.")
    if isinstance(exception, DisallowedHost):
        message = _("Nothing is served under this host name. INFRINGEWATCH_ALLOWED_HOSTS lists the names to answer to.")
    return _page(request, 400, message)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("Your role does not allow this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _("There is no such page here, or it is not yours to see."))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: opened before logging in anew, or sent by another site."""
    return _page(
        request, 403, _("This form is too old to be taken. Nothing was changed: reload the page and try again.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither the store nor the session, which may be what is broken."""
    message = _("Something is broken on our side. Nothing of this request was stored; the server's log says more.")
    return HttpResponse(render_to_string("web/error_plain.html", {"status": 500, "message": message}), status=500)


def _page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """With the rail for who is logged in. A request may be refused before anybody is looked up, so strangers get a page
    that asks nothing of it."""
    words = {"status": status, "message": message}
    if isinstance(getattr(request, "user", None), User):
        return render(request, "web/error.html", words, status=status)
    return HttpResponse(render_to_string("web/error_plain.html", words), status=status)
