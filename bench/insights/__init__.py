"""Questions to many answers: the product beside bare DuckDB, PostgreSQL and pandas."""
