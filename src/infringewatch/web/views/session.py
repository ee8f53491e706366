"""Logging in and out, and the language in which somebody reads."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from infringewatch.actions.people import set_language
from infringewatch.store.models import User

log_in = LoginView.as_view(template_name="web/login.html", redirect_authenticated_user=True)
log_out = LogoutView.as_view()


@require_POST
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language for this user (and this browser, where nobody is logged in yet)."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("start")
    response = redirect(target)
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            set_language(request.user, language)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", httponly=True)
    return response
