import django.db.models.deletion
from django.db import migrations

import civic.tenancy.models
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitation"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="accepted_as",
            field=civic.tenancy.models.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.membership",
                verbose_name="参加して得た所属",
            ),
        ),
        Isolate("Invitation", unaudited=["mailed_at"], personal=["email"]),
    ]
