"""No request has more helpers than it asked for: the database refuses it, whoever writes and in whatever way.

Each match that takes a place locks its request's row and then counts, for the shift where there is one. Whoever takes a
place at the same time waits at that lock, and counts what was committed meanwhile, as each statement of a volatile
function sees it (PostgreSQL's isolation level READ COMMITTED, under which the portal runs).
"""

REFUSE_OVERFILLING = """
CREATE FUNCTION matching_check_places(checked_request bigint, checked_shift bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    places integer;
BEGIN
    SELECT people_needed INTO places FROM matching_helprequest WHERE id = checked_request FOR NO KEY UPDATE;
    IF checked_shift IS NOT NULL THEN
        SELECT people_needed INTO places FROM matching_shift WHERE id = checked_shift;
    END IF;
    IF places < (
        SELECT sum(people) FROM matching_match
        WHERE request_id = checked_request AND shift_id IS NOT DISTINCT FROM checked_shift AND state IN (
            'volunteer_yes', 'group_asked', 'group_yes', 'introduced', 'active', 'completed', 'no_show'
        )
    ) THEN
        RAISE EXCEPTION 'request % (shift %) has % places', checked_request, checked_shift, places
            USING ERRCODE = 'check_violation', CONSTRAINT = 'matching_no_overfilling';
    END IF;
END
$$;

CREATE FUNCTION matching_check_match() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM matching_check_places(NEW.request_id, NEW.shift_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER matching_no_overfilling AFTER INSERT OR UPDATE OF state, people, request_id, shift_id ON matching_match
FOR EACH ROW WHEN (
    NEW.state IN ('volunteer_yes', 'group_asked', 'group_yes', 'introduced', 'active', 'completed', 'no_show')
) EXECUTE FUNCTION matching_check_match();

CREATE FUNCTION matching_check_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM matching_shift WHERE request_id = NEW.id) THEN
        PERFORM matching_check_places(NEW.id, NULL);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER matching_places_hold AFTER UPDATE OF people_needed ON matching_helprequest
FOR EACH ROW WHEN (NEW.people_needed < OLD.people_needed) EXECUTE FUNCTION matching_check_request();

CREATE FUNCTION matching_check_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM matching_check_places(NEW.request_id, NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER matching_places_of_shift_hold AFTER UPDATE OF people_needed ON matching_shift
FOR EACH ROW WHEN (NEW.people_needed < OLD.people_needed) EXECUTE FUNCTION matching_check_shift();
"""

ALLOW_OVERFILLING = """
DROP TRIGGER matching_places_of_shift_hold ON matching_shift;
DROP TRIGGER matching_places_hold ON matching_helprequest;
DROP TRIGGER matching_no_overfilling ON matching_match;
DROP FUNCTION matching_check_shift();
DROP FUNCTION matching_check_request();
DROP FUNCTION matching_check_match();
DROP FUNCTION matching_check_places(bigint, bigint);
"""
