from __future__ import annotations

from django.db import migrations

NOTE = """
CREATE FUNCTION insights_note_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO insights_changedanswer (workspace_id, response_key, was_at)
        VALUES (NEW.workspace_id, NEW.id, NULL);
    ELSIF TG_OP = 'DELETE' OR OLD IS DISTINCT FROM NEW THEN
        INSERT INTO insights_changedanswer (workspace_id, response_key, was_at)
        VALUES (OLD.workspace_id, OLD.id, OLD.received_at);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION insights_note_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.themes IS NOT DISTINCT FROM NEW.themes THEN
        RETURN NULL;
    END IF;
    INSERT INTO insights_changedanswer (workspace_id, response_key, was_at)
    SELECT r.workspace_id, r.id, r.received_at FROM responses_response r
    WHERE r.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.response_id ELSE NEW.response_id END;
    RETURN NULL;
END $$;

CREATE FUNCTION insights_note_enrolment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO insights_changedanswer (workspace_id, response_key, was_at)
    SELECT r.workspace_id, r.id, r.received_at FROM responses_response r
    WHERE r.enrolment_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER insights_answer_changed AFTER INSERT OR UPDATE OR DELETE ON responses_response
    FOR EACH ROW EXECUTE FUNCTION insights_note_answer();
CREATE TRIGGER insights_themes_changed AFTER INSERT OR UPDATE OF themes OR DELETE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION insights_note_case();
CREATE TRIGGER insights_owner_changed AFTER UPDATE OF owner_id ON programs_enrolment
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION insights_note_enrolment();
"""

FORGET = """
DROP TRIGGER insights_owner_changed ON programs_enrolment;
DROP TRIGGER insights_themes_changed ON cases_case;
DROP TRIGGER insights_answer_changed ON responses_response;
DROP FUNCTION insights_note_enrolment();
DROP FUNCTION insights_note_case();
DROP FUNCTION insights_note_answer();
"""


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial")]

    operations = [migrations.RunSQL(NOTE, FORGET)]
