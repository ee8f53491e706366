"""A small office with a queue, as the tests of the pages need it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from infringewatch.actions.outbox import announce_hits
from infringewatch.actions.people import ensure_tenant
from infringewatch.evidence.vault import Vault
from infringewatch.model import Role
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.store.models import Campaign, CampaignRun, Hit, Right, User, WatchList
from infringewatch.web import engines

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Add = Callable[..., Hit]


@pytest.fixture(autouse=True)
def own_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedBackend:
    """Search and vault of this test alone."""
    backend = EmbeddedBackend(tmp_path / "search.sqlite3")
    monkeypatch.setattr(engines, "_search", lambda _settings: backend)
    monkeypatch.setattr("infringewatch.web.views.hit.open_vault", lambda: Vault(tmp_path / "vault"))
    monkeypatch.setattr("infringewatch.web.views.evidence.open_vault", lambda: Vault(tmp_path / "vault"))
    return backend


def add_person(name: str, role: Role = Role.ANALYST, tenant: str = "local") -> User:
    """A person without a password: making one costs a third of a second."""
    return User.objects.create(username=name, tenant=ensure_tenant(tenant, NOW), role=role, language="en")


@pytest.fixture
def mei(db: None) -> User:
    return add_person("mei")


@pytest.fixture
def log_in() -> Callable[[User], Client]:
    def log(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log


@pytest.fixture
def page(mei: User, log_in: Callable[[User], Client]) -> Client:
    """A browser in which the analyst mei is logged in."""
    return log_in(mei)


@pytest.fixture
def add_hit(db: None) -> Add:
    """Makes one hit on the right 山岚 of the tenant, announced as actions do it."""

    def add(title: str = "高仿 山岚 手表", tenant: str = "local", **changes: Any) -> Hit:
        owner = ensure_tenant(tenant, NOW)
        lists, _ = WatchList.objects.get_or_create(tenant=owner, name="marks")
        right, _ = Right.objects.get_or_create(
            tenant=owner, registration_no="TM-1", defaults={
                "watch_list": lists, "kind": "trademark", "name": "山岚", "holder": "Shanlan Ltd", "data": {}}
        )  # fmt: skip
        campaign, _ = Campaign.objects.get_or_create(
            slug="spring", defaults={"title": "spring", "spec": {"measure": "27"}, "created_at": NOW}
        )
        run, _ = CampaignRun.objects.get_or_create(campaign=campaign, scheduled_for=NOW, defaults={"spec": {}})
        number = Hit.objects.count()
        at = title.find("山岚")
        spans = [[at, at + 2, "title", 0, 2]] if at >= 0 else []
        values: dict[str, Any] = {
            "tenant": owner, "right": right, "host": "shop.test", "kind": "listing", "measure": "27",
            "queue": "counterfeit", "rule": "m27@1", "match_score": 1.0, "score": 0.9, "level": "strong",
            "finding": {"spans": spans, "explanation": [
                {"feature": "replica_word", "weight": 0.4, "detail": "“高仿” is a word with which copies are offered",
                 "values": {"word": "高仿"}}]},
            "item": {"id": "1", "kind": "listing", "title": title, "url": f"http://shop.test/{number}"},
            "first_seen": NOW, "last_seen": NOW, "first_run": run, "seller": "好物小店", "price": Decimal("88.00"),
            "reference_price": Decimal("800.00"), "currency": "CNY",
        }  # fmt: skip
        hit = Hit.objects.create(
            title=title, url_hash=f"{number:064}", canonical_url=f"http://shop.test/{number}", **values | changes
        )
        announce_hits([hit], NOW)
        return hit

    return add
