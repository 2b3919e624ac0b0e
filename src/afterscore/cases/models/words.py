from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from afterscore.cases.models.case import Case
from afterscore.kit.tenancy import SameWorkspace
from afterscore.workspaces.models import WorkspaceRow


class Words(WorkspaceRow):
    """The words by which a case is found: of the contact, the account and the comment.

    The database keeps them itself, by triggers on the four tables they come from (see
    docs/decisions/0015-words-kept-by-triggers.md): whoever renames a company or erases a person
    need not know of it. Nothing in the program writes here.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    vector = SearchVectorField()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            SameWorkspace("case", name="words_case_same_workspace"),
        ]
        indexes = [GinIndex(fields=["vector"], name="words_by_word")]
