"""Notices that were drafted before name the hits of their case."""

from typing import Any

from django.db import migrations


def name_hits(apps: Any, _editor: Any) -> None:
    for notice in apps.get_model("store", "Notice").objects.all():
        notice.hits.set(notice.case.hits.all())


class Migration(migrations.Migration):
    dependencies = [("store", "0003_notice_events")]
    operations = [migrations.RunPython(name_hits, migrations.RunPython.noop)]
