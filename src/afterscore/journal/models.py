from __future__ import annotations

from django.db import models

from afterscore.kit import ids


class Fact(models.Model):
    """Something that happened. Rows are added, never changed.

    The journal lies below the workspaces, so that creating a workspace can be a fact too.
    """

    workspace = models.ForeignKey(
        "workspaces.Workspace", on_delete=models.CASCADE, related_name="+"
    )
    public_id = ids.PublicIdField("fct")
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "subject", "id"], name="fact_by_subject"),
            models.Index(fields=["workspace", "name", "id"], name="fact_by_name"),
        ]
