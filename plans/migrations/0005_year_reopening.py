import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0004_history"),
        ("tenancy", "0002_population"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="YearReopening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_at", models.DateTimeField(verbose_name="しめていた日時")),
                ("reason", models.CharField(max_length=300, verbose_name="しめたことを取り消す理由")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="取り消した日時")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取り消した人",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_default=civic.tenancy.models.CurrentMunicipality(),
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.municipality",
                    ),
                ),
                (
                    "year",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reopenings", to="plans.reportingyear"
                    ),
                ),
            ],
            options={
                "verbose_name": "進捗報告の年度の再開",
                "verbose_name_plural": "進捗報告の年度の再開",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="plans_reopening_has_reason"
                    )
                ],
            },
        ),
        Isolate("YearReopening", serving=("SELECT", "INSERT")),
    ]
