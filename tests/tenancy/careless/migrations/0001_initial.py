from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


def municipality() -> models.ForeignKey:
    return models.ForeignKey(
        "tenancy.municipality",
        on_delete=models.PROTECT,
        db_default=civic.tenancy.models.CurrentMunicipality(),
        editable=False,
        related_name="+",
    )


def key() -> models.BigAutoField:
    return models.BigAutoField(primary_key=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel("Unowned", [("id", key())]),
        migrations.CreateModel("Unisolated", [("id", key()), ("municipality", municipality())]),
        migrations.CreateModel("Outgrown", [("id", key()), ("municipality", municipality())]),
        Isolate("Outgrown"),
        migrations.AddField(
            "Outgrown",
            "department",
            civic.tenancy.models.TenantForeignKey("accounts.department", on_delete=models.CASCADE),
        ),
        migrations.CreateModel(
            "Loose",
            [
                ("id", key()),
                ("municipality", municipality()),
                ("department", models.ForeignKey("accounts.department", on_delete=models.CASCADE)),
            ],
        ),
        Isolate("Loose"),
        migrations.CreateModel(
            "Many",
            [
                ("id", key()),
                ("municipality", municipality()),
                ("departments", models.ManyToManyField("accounts.department")),
            ],
        ),
        Isolate("Many"),
        migrations.CreateModel(
            "Forgetful", [("id", key()), ("municipality", municipality()), ("name", models.TextField())]
        ),
        Isolate("Forgetful", personal=["name"]),
        Isolate("Forgetful"),
    ]
