"""What the database's planner knows of the rows that a test has written."""

from __future__ import annotations

from django.db import connection, models


def count(*tables: type[models.Model]) -> None:
    """These tables, or all, as autovacuum does in the background where rows stay. Left alone it
    plans for what earlier tests have rolled back: the same page may take forty times as long."""
    names = ", ".join(table._meta.db_table for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
