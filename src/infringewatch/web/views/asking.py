"""Who asks: the logged-in person behind a request."""

from __future__ import annotations

from django.http import HttpRequest

from infringewatch.errors import NotAllowed
from infringewatch.store.models import User


def asker(request: HttpRequest) -> User:
    """The person. Middleware has seen to it that there is one; this is the second lock."""
    if not isinstance(request.user, User):
        raise NotAllowed("log in first")
    return request.user
