"""Tenants and users."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.errors import InputError
from infringewatch.model import Role
from infringewatch.store.models import Tenant, User

LOCAL_TENANT = "local"


def ensure_tenant(name: str, now: datetime) -> Tenant:
    """The tenant of that name, made where it does not exist yet."""
    tenant, _ = Tenant.objects.get_or_create(name=name, defaults={"created_at": now})
    return tenant


def add_user(username: str, password: str, role: Role, tenant_name: str, *, actor: Actor, now: datetime) -> User:
    """Add a person. Raises InputError where the name is taken or the password too weak."""
    try:
        with translation.override("en"):  # as every message; Django's Chinese lacks some of these sentences
            validate_password(password)
    except ValidationError as error:
        raise InputError(f"password: {' '.join(error.messages)}") from error
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise InputError(f"there is already a user called {username}")
        tenant = ensure_tenant(tenant_name, now)
        user = User.objects.create_user(username=username, password=password, tenant=tenant, role=role)
        record_audit(actor, "user.added", f"user {user.pk}", {"role": str(role), "tenant": tenant_name}, now)
    return user


def set_language(user: User, language: str) -> None:
    """Keep the language in which this user reads."""
    User.objects.filter(pk=user.pk).update(language=language)
