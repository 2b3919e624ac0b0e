from __future__ import annotations

from django.apps import AppConfig


class ImprovementsConfig(AppConfig):
    name = "afterscore.improvements"
    default_auto_field = "django.db.models.BigAutoField"
