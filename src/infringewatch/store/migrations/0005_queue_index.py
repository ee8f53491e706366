"""One index that holds all a queue is narrowed, sorted and counted by, in place of two that only gave the order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0004_notice_hits")]
    operations = [
        migrations.RemoveIndex(model_name="hit", name="hit_queue"),
        migrations.RemoveIndex(model_name="hit", name="hit_tenant_queue"),
        migrations.AddIndex(
            model_name="hit",
            index=models.Index(
                fields=["measure", "-score", "-id", "state", "queue", "tenant", "snoozed_until", "level", "host",
                        "right", "seller"],
                name="hit_queue",
            ),
        ),
    ]  # fmt: skip
