from django.db import migrations

# Runs as the owner, and so reads past row security; what it tells of a municipality is one number.
CREATE = """
CREATE FUNCTION audit_last_change(municipality text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT max(change.id) FROM audit_change AS change
    WHERE change.municipality_id = (SELECT id FROM tenancy_municipality WHERE slug = municipality)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_personal_record_view")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION audit_last_change(text)")]
