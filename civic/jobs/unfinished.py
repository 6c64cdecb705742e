"""Where there is something to sweep: the database's own answer, for 1,741 municipalities in one query.

Row security lets the serving role look into one municipality at a time, and entering each to find nothing takes
seconds. The function runs as the owner of the tables and gives away no more than the ids of municipalities.
"""

FUNCTION = """
CREATE FUNCTION jobs_municipalities_to_sweep(kept_from timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT municipality_id FROM jobs_job WHERE status IN ('queued', 'running')
    UNION
    SELECT municipality_id FROM jobs_jobfile WHERE content IS NOT NULL AND expires_at <= now()
    UNION
    SELECT municipality_id FROM jobs_job WHERE finished_at < kept_from
$$
"""
DROP_FUNCTION = "DROP FUNCTION jobs_municipalities_to_sweep(timestamptz)"
