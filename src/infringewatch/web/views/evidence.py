"""Checking a hit's evidence and handing it out."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from infringewatch.actions.audit import Actor
from infringewatch.flows.handout import export_hit, verify_hit
from infringewatch.store.access import get_hit
from infringewatch.web.engines import open_vault
from infringewatch.web.views.asking import asker


@require_POST
def verify(request: HttpRequest, hit_id: int) -> HttpResponse:
    """Read every sealed byte of the hit anew, and say which file does not hold."""
    hit = get_hit(asker(request), hit_id)
    return render(request, "web/_verified.html", {"reports": verify_hit(hit, open_vault()), "hit": hit})


@require_POST
def export(request: HttpRequest, hit_id: int) -> HttpResponse:
    """The evidence package as one ZIP; its handing out is in the audit log."""
    user = asker(request)
    hit = get_hit(user, hit_id)
    with tempfile.TemporaryDirectory(prefix="infringewatch-") as folder:
        out = Path(folder) / "evidence.zip"
        sha256 = export_hit(hit, out, vault=open_vault(), actor=Actor.of(user), now=datetime.now(UTC))
        content = out.read_bytes()
    name = f"hit-{hit.pk}-{sha256[:12]}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-SHA256": sha256},
    )
