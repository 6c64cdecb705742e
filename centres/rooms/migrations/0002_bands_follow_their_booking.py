from django.db import migrations

# Keys on what 0001 leaves to its end: the constraints a foreign key can point at.
# Room and day of a band are its booking's, its room is its own, and it is held while the booking is.
BANDS_FOLLOW_THEIR_BOOKING = """
ALTER TABLE rooms_bookedband ADD CONSTRAINT rooms_bookedband_of_booking
    FOREIGN KEY (municipality_id, booking_id, room_id, day, is_held)
    REFERENCES rooms_booking (municipality_id, id, room_id, day, holds) ON UPDATE CASCADE;
ALTER TABLE rooms_bookedband ADD CONSTRAINT rooms_bookedband_of_room
    FOREIGN KEY (municipality_id, room_id, band_id) REFERENCES rooms_roomband (municipality_id, room_id, id);
"""


class Migration(migrations.Migration):
    dependencies = [("rooms", "0001_initial")]

    operations = [migrations.RunSQL(BANDS_FOLLOW_THEIR_BOOKING, migrations.RunSQL.noop)]
