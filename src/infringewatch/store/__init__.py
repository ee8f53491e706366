"""The truth: relational rows, their migrations, and the functions that say who may see which.

Importing the room makes Django ready, so that no caller has to remember it.
"""

from __future__ import annotations

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infringewatch.django_settings")
if not (apps.ready or apps.loading):  # while Django itself loads us as an app, it is already on its way
    django.setup()
