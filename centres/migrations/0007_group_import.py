import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0006_directory"),
        ("tenancy", "0002_population"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filename", models.CharField(max_length=200, verbose_name="ファイル名")),
                ("content", models.BinaryField(verbose_name="内容")),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="読んだ日時")),
                ("outcome", models.JSONField(null=True, verbose_name="確かめた結果")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="変わるところのSHA-256")),
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
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="読んだ人",
                    ),
                ),
            ],
            options={
                "verbose_name": "団体の読みこみ",
                "verbose_name_plural": "団体の読みこみ",
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "read_by"), name="centres_import_one_a_person")
                ],
            },
        ),
        Isolate("GroupImport", unaudited=["content", "outcome", "digest"]),
    ]
