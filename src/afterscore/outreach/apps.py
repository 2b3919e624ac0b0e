from __future__ import annotations

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "afterscore.outreach"
    default_auto_field = "django.db.models.BigAutoField"
