"""Names the store to Django."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "infringewatch.store"
    label = "store"
