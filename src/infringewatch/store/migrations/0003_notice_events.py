"""Notices keep the hits that they name, their happenings and the clocks that these started."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0002_rules_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="hits",
            field=models.ManyToManyField(related_name="notices", to="store.hit"),
        ),
        migrations.AddField(
            model_name="notice",
            name="language",
            field=models.CharField(default="zh", max_length=10),
        ),
        migrations.AddField(
            model_name="notice",
            name="lease_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="owner",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="notice",
            name="queued_by",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="notice",
            name="trouble",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="NoticeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("notice_sent", "notice_sent"),
                            ("notice_received", "notice_received"),
                            ("removed", "removed"),
                            ("refused", "refused"),
                            ("counter_received", "counter_received"),
                            ("counter_forwarded", "counter_forwarded"),
                            ("complained", "complained"),
                            ("sued", "sued"),
                            ("reinstated", "reinstated"),
                            ("decision_received", "decision_received"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=30,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                ("text", models.TextField(blank=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="store.notice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(max_length=60)),
                ("who", models.CharField(max_length=20)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("at_least", models.BooleanField(default=False)),
                ("rule", models.JSONField()),
                ("note", models.TextField(blank=True)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="store.notice"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="store.noticeevent"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["met_at", "ended_at", "due_at"], name="deadline_due")],
                "constraints": [models.UniqueConstraint(fields=("event", "clock"), name="one_deadline_per_clock")],
            },
        ),
    ]
