import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0008_consultations_counted_from_the_index"),
        ("tenancy", "0003_licence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Guidebook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField(verbose_name="PDF")),
                ("size", models.PositiveIntegerField(verbose_name="大きさ（バイト）")),
                ("pages", models.PositiveSmallIntegerField(verbose_name="ページ数")),
                ("groups", models.PositiveIntegerField(verbose_name="載っている団体")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="作成日時")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成した人",
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
            ],
            options={
                "verbose_name": "市民活動ガイドブック",
                "verbose_name_plural": "市民活動ガイドブック",
                "constraints": [models.UniqueConstraint(fields=("municipality",), name="centres_one_guidebook")],
            },
        ),
        Isolate("Guidebook", unaudited=["content"]),
    ]
