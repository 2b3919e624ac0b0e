"""The database keeps the words of cases: see docs/decisions/0015-words-kept-by-triggers.md."""

from __future__ import annotations

from django.db import migrations

FOLD = r"""
CREATE FUNCTION cases_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Small letters without accents, whole words apart; writing without spaces letter by letter.
    SELECT regexp_replace(
        regexp_replace(
            normalize(
                regexp_replace(normalize(lower(left($1, 20000)), NFKD), '[\u0300-\u036f]', '', 'g'),
                NFKC
            ),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff0f]+',
            ' ', 'g'
        ),
        '([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])', ' \1 ', 'g'
    )
$$;
CREATE FUNCTION cases_vector(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT left(word, 40) FROM regexp_split_to_table(cases_fold($1), '\s+') AS word
        WHERE word <> ''
    ))
$$;
CREATE FUNCTION cases_beginnings(text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Every word that is asked for, or how it begins. Folding has left no quotes in it.
    SELECT coalesce(string_agg(format('''%s'':*', replace(left(word, 40), '''', '')), ' & '), '')::tsquery
    FROM regexp_split_to_table(cases_fold($1), '\s+') AS word WHERE word <> ''
$$;
"""
UNFOLD = """
DROP FUNCTION cases_beginnings(text);
DROP FUNCTION cases_vector(text);
DROP FUNCTION cases_fold(text);
"""

KEEP = """
CREATE VIEW cases_said AS
SELECT c.workspace_id, c.id AS case_id, c.contact_id, c.account_id, c.response_id,
    concat_ws(' ', p.name, p.email, a.name, r.comment) AS said
FROM cases_case c
JOIN customers_contact p ON p.id = c.contact_id
JOIN responses_response r ON r.id = c.response_id
LEFT JOIN customers_account a ON a.id = c.account_id;

CREATE FUNCTION cases_add_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_words (workspace_id, case_id, vector)
    SELECT workspace_id, case_id, cases_vector(said) FROM cases_said WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_add_words AFTER INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_add_words();

CREATE FUNCTION cases_move_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.contact_id, NEW.account_id, NEW.response_id)
        IS DISTINCT FROM (OLD.contact_id, OLD.account_id, OLD.response_id) THEN
        UPDATE cases_words w SET vector = cases_vector(s.said)
        FROM cases_said s WHERE s.case_id = NEW.id AND w.case_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_move_words AFTER UPDATE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_move_words();

CREATE FUNCTION cases_contact_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.name, NEW.email) IS DISTINCT FROM (OLD.name, OLD.email) THEN
        UPDATE cases_words w SET vector = cases_vector(s.said)
        FROM cases_said s WHERE s.contact_id = NEW.id
            AND s.workspace_id = NEW.workspace_id AND w.case_id = s.case_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_contact_words AFTER UPDATE ON customers_contact
    FOR EACH ROW EXECUTE FUNCTION cases_contact_words();

CREATE FUNCTION cases_account_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IS DISTINCT FROM OLD.name THEN
        UPDATE cases_words w SET vector = cases_vector(s.said)
        FROM cases_said s WHERE s.account_id = NEW.id
            AND s.workspace_id = NEW.workspace_id AND w.case_id = s.case_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_account_words AFTER UPDATE ON customers_account
    FOR EACH ROW EXECUTE FUNCTION cases_account_words();

CREATE FUNCTION cases_response_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.comment IS DISTINCT FROM OLD.comment THEN
        UPDATE cases_words w SET vector = cases_vector(s.said)
        FROM cases_said s WHERE s.response_id = NEW.id AND w.case_id = s.case_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_response_words AFTER UPDATE ON responses_response
    FOR EACH ROW EXECUTE FUNCTION cases_response_words();
"""
FORGET = """
DROP TRIGGER cases_response_words ON responses_response;
DROP TRIGGER cases_account_words ON customers_account;
DROP TRIGGER cases_contact_words ON customers_contact;
DROP TRIGGER cases_move_words ON cases_case;
DROP TRIGGER cases_add_words ON cases_case;
DROP FUNCTION cases_response_words();
DROP FUNCTION cases_account_words();
DROP FUNCTION cases_contact_words();
DROP FUNCTION cases_move_words();
DROP FUNCTION cases_add_words();
DROP VIEW cases_said;
DELETE FROM cases_words;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLD, UNFOLD),
        migrations.RunSQL(KEEP, FORGET),
    ]
