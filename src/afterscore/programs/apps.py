from __future__ import annotations

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "afterscore.programs"
    default_auto_field = "django.db.models.BigAutoField"
