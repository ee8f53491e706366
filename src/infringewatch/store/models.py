"""The tables. Rows are written in ``actions`` only; pages and commands read them through ``store.access``."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from infringewatch.model import (
    DueState,
    HitState,
    ItemKind,
    Level,
    NoticeEventKind,
    NoticeState,
    Outcome,
    Presence,
    Queue,
    RightKind,
    Role,
    RunState,
    Verdict,
)


def _choices(states: Any) -> list[tuple[str, str]]:
    return [(str(state), str(state)) for state in states]


class Tenant(models.Model):
    """Who owns watch lists and sees their hits; ``local`` is the installation's own."""

    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()


class User(AbstractUser):
    """A person. A right holder sees its tenant's rows only; the others see all tenants'."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="users")
    role = models.CharField(max_length=20, choices=_choices(Role), default=Role.ANALYST)
    language = models.CharField(max_length=10, blank=True)


class WatchList(models.Model):
    """A list is known by tenant and name; each changed file is a new version of it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="one_list_per_name")]


class ListVersion(models.Model):
    watch_list = models.ForeignKey(WatchList, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=150)
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch_list", "number"], name="one_number_per_list")]


class Right(models.Model):
    """A registered right. It keeps its key, and so its hits, over the versions of its list.

    ``data`` is the watch-list row as read, with its files as names below the installation's library.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="rights")
    registration_no = models.CharField(max_length=120)
    watch_list = models.ForeignKey(WatchList, on_delete=models.PROTECT, related_name="rights")
    kind = models.CharField(max_length=30, choices=_choices(RightKind))
    name = models.CharField(max_length=500)
    holder = models.CharField(max_length=300, blank=True)
    data = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "registration_no"], name="one_right_per_number")]


class RightVersion(models.Model):
    """What a right said in one version of its list; written only where it changed."""

    right = models.ForeignKey(Right, on_delete=models.PROTECT, related_name="versions")
    list_version = models.ForeignKey(ListVersion, on_delete=models.PROTECT)
    data = models.JSONField(null=True)  # null: withdrawn by this version

    class Meta:
        constraints = [models.UniqueConstraint(fields=["right", "list_version"], name="one_text_per_version")]


class AllowEntry(models.Model):
    """A permission, from a list or from a decision "authorised"; ``row_id`` is what findings name."""

    right = models.ForeignKey(Right, on_delete=models.PROTECT, related_name="allow_entries")
    row_id = models.CharField(max_length=500)
    column = models.CharField(max_length=30)
    value = models.CharField(max_length=300)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    from_list = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["right", "row_id"], name="one_permission_per_row")]


class Campaign(models.Model):
    """A campaign as it is planned: ``spec`` is the checked campaign file."""

    slug = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, null=True, blank=True)
    spec = models.JSONField()
    enabled = models.BooleanField(default=True)
    one_off = models.BooleanField(default=False)
    last_due = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()


class CampaignRun(models.Model):
    """One run of a campaign. ``scheduled_for`` is unique, so two clocks open it once."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="runs")
    scheduled_for = models.DateTimeField()
    state = models.CharField(max_length=20, choices=_choices(RunState), default=RunState.DUE)
    spec = models.JSONField()
    rules_version = models.CharField(max_length=64, blank=True)
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    totals = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "scheduled_for"], name="one_run_per_due_time")]
        indexes = [models.Index(fields=["state", "scheduled_for"], name="run_state_due")]


class Visit(models.Model):
    """How one page of one run ended. ``job`` is the frontier's key: writing it twice is harmless."""

    run = models.ForeignKey(CampaignRun, on_delete=models.PROTECT, related_name="visits")
    job = models.CharField(max_length=80)
    canonical_url = models.TextField()
    host = models.CharField(max_length=255)
    outcome = models.CharField(max_length=20, choices=_choices(Outcome))
    reason = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField()
    items = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "job"], name="one_visit_per_job")]
        indexes = [models.Index(fields=["run", "outcome"], name="visit_run_outcome")]


class Observation(models.Model):
    """Every item ever seen, once per address and kind."""

    url_hash = models.CharField(max_length=64)
    canonical_url = models.TextField()
    kind = models.CharField(max_length=20, choices=_choices(ItemKind))
    host = models.CharField(max_length=255)
    fields = models.JSONField()
    content_hash = models.CharField(max_length=64)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    last_run = models.ForeignKey(CampaignRun, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["url_hash", "kind"], name="one_observation_per_item")]
        indexes = [models.Index(fields=["host", "last_seen"], name="observation_host_seen")]


class Bundle(models.Model):
    """A sealed bundle in the vault. ``digest`` is the SHA-256 of its manifest."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=20, choices=[("page", "page"), ("screenshot", "screenshot")])
    url = models.TextField()
    sealed_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()


class Hit(models.Model):
    """A right and an address that matched. Seeing it again adds a sighting, never a second hit.

    ``finding`` and ``item`` are the latest; each sighting keeps its own. ``revision`` rises with every
    change and is the external version in the search index.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="hits")
    right = models.ForeignKey(Right, on_delete=models.PROTECT, related_name="hits")
    url_hash = models.CharField(max_length=64)
    canonical_url = models.TextField()
    host = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=_choices(ItemKind))
    measure = models.CharField(max_length=4)
    queue = models.CharField(max_length=20, choices=_choices(Queue))
    rule = models.CharField(max_length=60)
    match_score = models.FloatField()
    score = models.FloatField()
    level = models.CharField(max_length=10, choices=_choices(Level))
    suppressed_by = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20, choices=_choices(HitState), default=HitState.NEW)
    presence = models.CharField(max_length=10, choices=_choices(Presence), default=Presence.PRESENT)
    misses = models.PositiveSmallIntegerField(default=0)
    title = models.TextField(blank=True)
    seller = models.CharField(max_length=300, blank=True)
    price = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reference_price = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=8, blank=True)
    finding = models.JSONField()
    item = models.JSONField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True, blank=True)
    first_run = models.ForeignKey(CampaignRun, on_delete=models.PROTECT, related_name="new_hits")
    revision = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["right", "url_hash"], name="one_hit_per_right_and_address")]
        indexes = [
            # All that a queue is narrowed, sorted and counted by, so that no page reads the wide rows of those it
            # passes over. ``score`` before the choices: decided hits are passed over faster than an order is made.
            models.Index(
                fields=[
                    "measure",
                    "-score",
                    "-id",
                    "state",
                    "queue",
                    "tenant",
                    "snoozed_until",
                    "level",
                    "host",
                    "right",
                    "seller",
                ],
                name="hit_queue",
            ),
            models.Index(fields=["host", "seller"], name="hit_seller"),
            models.Index(fields=["url_hash"], name="hit_address"),
        ]


class Sighting(models.Model):
    """The hit as one run saw it, with the evidence sealed then. A book's chapters are sightings of its hit."""

    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="sightings")
    run = models.ForeignKey(CampaignRun, on_delete=models.PROTECT)
    url = models.TextField()
    url_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()
    score = models.FloatField()
    level = models.CharField(max_length=10, choices=_choices(Level))
    finding = models.JSONField()
    item = models.JSONField()
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="sightings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hit", "run", "url_hash"], name="one_sighting_per_run")]


class HitEvent(models.Model):
    """A change of the hit's state or presence, as a row of its own."""

    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    what = models.CharField(max_length=20)  # state | presence
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    reason = models.TextField(blank=True)


class Decision(models.Model):
    """A person's word on a hit. An older one is closed (``ended_at``), never erased."""

    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="decisions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=20, choices=_choices(Verdict))
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    undone = models.BooleanField(default=False)
    state_before = models.CharField(max_length=20, choices=_choices(HitState))
    machine_score = models.FloatField()
    machine_level = models.CharField(max_length=10)
    rule = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hit"], condition=Q(ended_at__isnull=True), name="one_open_decision_per_hit"
            )
        ]


class Comment(models.Model):
    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="comments")
    user = models.ForeignKey(User, on_delete=models.PROTECT)
    text = models.TextField()
    made_at = models.DateTimeField()


class Case(models.Model):
    """Hits that are pursued together, against one site or seller."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=300)
    regime = models.CharField(max_length=30)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    hits = models.ManyToManyField(Hit, related_name="cases")


class Notice(models.Model):
    """A text to a platform. ``gate`` is the pass (a GatePass) that names the hash of exactly this text.

    ``hits`` are those that the text names, whatever the case holds later; ``owner`` and ``lease_until`` stand
    while a channel has the text in hand; ``trouble`` says why a sending went wrong.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    hits = models.ManyToManyField(Hit, related_name="notices")
    regime = models.CharField(max_length=30)
    language = models.CharField(max_length=10, default="zh")
    channel = models.CharField(max_length=30)
    recipient = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=dict)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=_choices(NoticeState), default=NoticeState.DRAFT)
    gate = models.JSONField(null=True, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafted_notices")
    drafted_at = models.DateTimeField()
    queued_by = models.CharField(max_length=150, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=150, blank=True)
    reference = models.CharField(max_length=200, blank=True)


class NoticeEvent(models.Model):
    """Something that happened to a sent notice: an acknowledgement, a counter-notice, a restoration."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30, choices=_choices(NoticeEventKind))
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    text = models.TextField(blank=True)


class Deadline(models.Model):
    """A clock that an event started. ``rule`` keeps the law as it stood then: title, article, source, verified.

    ``due_at`` is empty where the law names no number of days, or the days cannot be counted (``note`` says so).
    ``at_least`` turns it around: not before.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deadlines")
    event = models.ForeignKey(NoticeEvent, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=60)
    who = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True, blank=True)
    at_least = models.BooleanField(default=False)
    rule = models.JSONField()
    note = models.TextField(blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # no longer counts: counted anew, or the notice withdrawn

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "clock"], name="one_deadline_per_clock")]
        indexes = [models.Index(fields=["met_at", "ended_at", "due_at"], name="deadline_due")]


class Recheck(models.Model):
    """A hit's page falls due for another look."""

    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="rechecks")
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=_choices(DueState), default=DueState.DUE)
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    found = models.CharField(max_length=20, blank=True)  # a Presence
    ended_at = models.DateTimeField(null=True, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="recheck_due")]


class CaptureRequest(models.Model):
    """A screenshot of a hit's page is wanted; made by the browser process, whenever there is one."""

    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="captures")
    url = models.TextField()
    reason = models.CharField(max_length=200)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=_choices(DueState), default=DueState.DUE)
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="captures")
    outcome = models.CharField(max_length=20, blank=True)
    detail = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "requested_at"], name="capture_due")]


class AuditEntry(models.Model):
    """One human act or one machine batch. ``hash`` covers the entry and the hash before it."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    data = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class AuditHead(models.Model):
    """The end of the chain; locked while an entry is added, so that the chain never forks."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class Outbox(models.Model):
    """A change that the search index has not seen yet, written in the transaction of the change itself."""

    kind = models.CharField(max_length=20)  # hit | right
    key = models.CharField(max_length=80)
    revision = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
