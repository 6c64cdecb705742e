"""No event is overbooked: the database refuses it, whoever writes and in whatever way.

Each booking that takes a place locks its event's row and then counts. Whoever books at the same time waits at that
lock, and counts what was committed meanwhile, as each statement of a volatile function sees it (PostgreSQL's isolation
level READ COMMITTED, under which the portal runs).
"""

REFUSE_OVERBOOKING = """
CREATE FUNCTION events_check_seats(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    seats integer;
BEGIN
    SELECT capacity INTO seats FROM events_event WHERE id = checked FOR NO KEY UPDATE;
    IF seats < (SELECT sum(people) FROM events_booking WHERE event_id = checked AND status = 'booked') THEN
        RAISE EXCEPTION 'event % has % seats', checked, seats
            USING ERRCODE = 'check_violation', CONSTRAINT = 'events_no_overbooking';
    END IF;
END
$$;

CREATE FUNCTION events_check_booking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM events_check_seats(NEW.event_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION events_check_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM events_check_seats(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER events_no_overbooking AFTER INSERT OR UPDATE ON events_booking
FOR EACH ROW WHEN (NEW.status = 'booked') EXECUTE FUNCTION events_check_booking();

CREATE TRIGGER events_capacity_holds AFTER UPDATE OF capacity ON events_event
FOR EACH ROW WHEN (NEW.capacity IS DISTINCT FROM OLD.capacity) EXECUTE FUNCTION events_check_capacity();
"""

ALLOW_OVERBOOKING = """
DROP TRIGGER events_capacity_holds ON events_event;
DROP TRIGGER events_no_overbooking ON events_booking;
DROP FUNCTION events_check_capacity();
DROP FUNCTION events_check_booking();
DROP FUNCTION events_check_seats(bigint);
"""
