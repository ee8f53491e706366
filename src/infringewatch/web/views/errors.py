"""What is shown when a page cannot be: in the product's look, in the reader's language, for strangers too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from infringewatch.store.models import User


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("This request cannot be read. Go back and try again."))


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
    known = isinstance(getattr(request, "user", None), User)
    template = "web/error.html" if known else "web/error_plain.html"
    return render(request, template, {"status": status, "message": message}, status=status)
