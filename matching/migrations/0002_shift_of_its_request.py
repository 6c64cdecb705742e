from django.db import migrations

# Keys on what 0001 leaves to its end: the constraints a foreign key can point at. A match's shift is its request's.
SHIFT_OF_ITS_REQUEST = """
ALTER TABLE matching_match ADD CONSTRAINT matching_match_shift_of_its_request
    FOREIGN KEY (municipality_id, request_id, shift_id)
    REFERENCES matching_shift (municipality_id, request_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [migrations.RunSQL(SHIFT_OF_ITS_REQUEST, migrations.RunSQL.noop)]
