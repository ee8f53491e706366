"""A campaign as the store keeps it, and back: the text of its file, so that a run can be recomputed from its own row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import yaml

from infringewatch.actions.audit import Actor
from infringewatch.actions.campaigns import save_campaign
from infringewatch.errors import CampaignError
from infringewatch.model import JSON
from infringewatch.ruleset import CampaignSpec, Ruleset, SiteProfile, load_profile, parse_campaign
from infringewatch.settings import Settings
from infringewatch.store.models import Campaign, Tenant

RECHECKS = "_rechecks"
CAPTURES = "_captures"
_INTERNAL = {RECHECKS: "Rechecks that fell due", CAPTURES: "Screenshots that are wanted"}


def store_campaign_file(name: str, *, settings: Settings, actor: Actor, now: datetime) -> Campaign:
    """Store the campaign called ``name`` below ``rules/campaigns``, or the campaign file that ``name`` is a path of.

    Raises CampaignError where there is none, or it has mistakes.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else settings.rules_dir / "campaigns" / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in (settings.rules_dir / "campaigns").glob("*.yaml"))) or "none"
        raise CampaignError(f"there is no campaign {name} (known: {known})")
    text = path.read_text(encoding="utf-8-sig")
    spec = parse_campaign(text, str(path))
    return save_campaign(spec.id, spec.title, {"text": text, "file": str(path)}, actor=actor, now=now)


def store_scan(
    slug: str,
    urls: tuple[str, ...],
    *,
    profile: Path | None,
    budgets: Mapping[str, int],
    watchlist: str,
    holder: str,
    allow_private: bool,
    tenant: Tenant,
    actor: Actor,
    now: datetime,
) -> Campaign:
    """Store a one-off campaign over the hosts of ``urls``, as ``infringewatch scan`` makes it."""
    site = _scan_profile(slug, urls, profile)
    plan = {
        "id": slug,
        "title": f"Scan of {', '.join(site['hosts'])}",
        "profiles": [site],
        "watchlists": [{"name": watchlist, "holder": holder}],
        "allow_private": allow_private,
        "budgets": {key: value for key, value in budgets.items() if value},
    }
    text = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
    spec = parse_campaign(text, slug)
    return save_campaign(
        spec.id, spec.title, {"text": text, "file": slug}, actor=actor, now=now, tenant=tenant, one_off=True
    )


def _scan_profile(slug: str, urls: tuple[str, ...], path: Path | None) -> dict[str, JSON]:
    hosts = sorted({url.split("//", 1)[-1].split("/", 1)[0] for url in urls})
    if path is None:
        return {"name": slug, "hosts": hosts, "start": list(urls)}
    load_profile(path)  # says every mistake with the file's own lines
    written: dict[str, JSON] = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    return {**written, "hosts": sorted({*written.get("hosts", []), *hosts}), "start": list(urls)}


def internal_campaign(slug: str, *, actor: Actor, now: datetime) -> Campaign:
    """The installation's own campaign for rechecks or captures."""
    return save_campaign(slug, _INTERNAL[slug], {"internal": slug}, actor=actor, now=now)


def read_plan(record: Mapping[str, JSON], *, settings: Settings) -> CampaignSpec:
    """The spec that a run began with."""
    if "internal" in record:
        slug = record["internal"]
        return CampaignSpec(id=slug, title=_INTERNAL[slug], allow_private=settings.allow_private)
    return parse_campaign(record["text"], record["file"])


def profiles_of(spec: CampaignSpec, ruleset: Ruleset) -> tuple[SiteProfile, ...]:
    """The profiles that a campaign names and those that stand in it.

    Raises CampaignError where a named one is missing.
    """
    missing = [name for name in spec.sites if name not in ruleset.sites]
    if missing:
        raise CampaignError(f"campaign {spec.id}: there is no site profile {', '.join(missing)}")
    return (*(ruleset.sites[name] for name in spec.sites), *spec.profiles)
