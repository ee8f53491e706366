"""Writing a campaign on the web: its YAML with every mistake named by line, stored only when there is none."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from infringewatch.actions.audit import Actor
from infringewatch.actions.campaigns import save_campaign
from infringewatch.actions.running import may_run
from infringewatch.errors import CampaignError, Fault, NotAllowed
from infringewatch.flows.plans import profiles_of
from infringewatch.ruleset import CampaignSpec, load_ruleset, parse_campaign
from infringewatch.settings import get_settings
from infringewatch.store.models import Campaign
from infringewatch.web.views.asking import asker
from infringewatch.web.views.campaigns import get_campaign

LONGEST = 200_000
NEW = """\
id: spring-2026
title: Spring campaign
measure: "27"
sites: []            # names of profiles below rules/sites
watchlists: []       # names of watch lists; empty: every list
schedule: {cron: "30 2 * * mon-fri", zone: Asia/Shanghai}
catch_up: once
budgets: {pages: 2000, seconds: 3600}
recheck_days: [1, 3, 7, 30]
"""


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, campaign_id: int = 0) -> HttpResponse:
    """The plan of a campaign, or of a new one. What is handed in is checked first; faults stand beside the text."""
    user = asker(request)
    if not may_run(user):
        raise NotAllowed("your role may not start or stop campaigns")
    one = get_campaign(user, campaign_id) if campaign_id else None
    if request.method == "GET":
        return _show(request, one, str(one.spec.get("text", "")) if one else NEW, ())
    text = request.POST.get("text", "")[:LONGEST].replace("\r\n", "\n")
    try:
        spec = _check(text, one)
    except CampaignError as error:
        return _show(request, one, text, error.faults or (Fault("", str(error)),), status=400)
    actor, now = Actor.of(user), datetime.now(UTC)
    plan = {"text": text, "file": f"{spec.id}.yaml"}
    tenant = one.tenant if one else None
    stored = save_campaign(spec.id, spec.title, plan, actor=actor, now=now, tenant=tenant)
    messages.success(request, _("Stored. Runs that have begun keep the plan that they began with."))
    return redirect("campaign", campaign_id=stored.pk)


def _check(text: str, one: Campaign | None) -> CampaignSpec:
    spec = parse_campaign(text, "campaign")
    taken = Campaign.objects.filter(slug=spec.id).exists()
    if one is not None and spec.id != one.slug:
        raise CampaignError("the id stays as it is", [Fault("", f"the id of a campaign stays: {one.slug}", 1, "id")])
    if spec.id.startswith("_") or (one is None and taken):
        raise CampaignError("the id is taken", [Fault("", f"the id {spec.id} is taken", 1, "id")])
    profiles_of(spec, load_ruleset(get_settings().rules_dir))
    return spec


def _show(
    request: HttpRequest, one: Campaign | None, text: str, faults: tuple[Fault, ...], status: int = 200
) -> HttpResponse:
    ordered = sorted(faults, key=lambda fault: fault.line or 0)
    context = {"campaign": one, "text": text, "faults": ordered, "place": "campaigns", "rows": text.count("\n") + 3}
    return render(request, "web/plan.html", context, status=status)
