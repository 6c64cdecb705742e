"""The database's own record of every change.

`audit_record` runs once per statement with the rows before and after it, as the owner of the tables: the serving
role may read the trail of its municipality and can write none of it. Arguments: columns that leave no trace, and
columns whose values are not repeated in the trail.
"""

AUDIT_FUNCTIONS = """
CREATE FUNCTION audit_image(image jsonb, hidden text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN hidden = '{}' OR image IS NULL THEN image ELSE (
        SELECT jsonb_object_agg(key, CASE WHEN key = ANY (hidden) AND value <> 'null' THEN '"＊"' ELSE value END)
        FROM jsonb_each(image))
    END
$$;

CREATE FUNCTION audit_difference(image jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(image) WHERE other -> key IS DISTINCT FROM value
$$;

CREATE FUNCTION audit_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_variable -- whatever the columns of the audited table are called
DECLARE
    untraced text[] := TG_ARGV[0]::text[];
    hidden text[] := TG_ARGV[1]::text[];
    actor bigint := nullif(current_setting('app.actor_id', true), '')::bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_change (municipality_id, table_name, row_id, action, at, actor_id, before, after)
        SELECT municipality_id, TG_TABLE_NAME, id, 'insert', clock_timestamp(), actor,
               NULL, audit_image(to_jsonb(new_rows) - untraced, hidden)
        FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_change (municipality_id, table_name, row_id, action, at, actor_id, before, after)
        SELECT municipality_id, TG_TABLE_NAME, id, 'delete', clock_timestamp(), actor,
               audit_image(to_jsonb(old_rows) - untraced, hidden), NULL
        FROM old_rows;
    ELSE
        INSERT INTO audit_change (municipality_id, table_name, row_id, action, at, actor_id, before, after)
        SELECT municipality_id, TG_TABLE_NAME, id, 'update', clock_timestamp(), actor,
               audit_image(audit_difference(was, now), hidden), audit_image(audit_difference(now, was), hidden)
        FROM (
            SELECT new_rows.municipality_id, new_rows.id,
                   to_jsonb(old_rows) - untraced AS was, to_jsonb(new_rows) - untraced AS now
            FROM old_rows JOIN new_rows USING (id)
        ) AS changed
        WHERE was <> now;
    END IF;
    RETURN NULL;
END
$$;

-- Or the serving role could put this on a temporary table of its own and forge anybody's trail. Asked only when a
-- trigger is created, so the triggers of the owner go on working.
REVOKE EXECUTE ON FUNCTION audit_record() FROM PUBLIC;
"""

DROP_AUDIT_FUNCTIONS = """
DROP FUNCTION audit_record();
DROP FUNCTION audit_difference(jsonb, jsonb);
DROP FUNCTION audit_image(jsonb, text[]);
"""
