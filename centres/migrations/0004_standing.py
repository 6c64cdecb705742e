import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0003_drafts"),
        ("tenancy", "0002_population"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("listed", "掲載のみ（登録なし）"),
                            ("registered", "登録中"),
                            ("in_grace", "更新待ち"),
                            ("expired", "期限切れ"),
                            ("suspended", "登録停止中"),
                            ("dissolved", "解散"),
                            ("merged", "ほかの団体番号に統合"),
                        ],
                        max_length=10,
                        verbose_name="登録の状態",
                    ),
                ),
                ("was_published", models.BooleanField(verbose_name="それまで公開")),
                ("on", models.DateField(verbose_name="この日から")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="行った人",
                    ),
                ),
                (
                    "group",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_changes",
                        to="centres.group",
                        verbose_name="団体",
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
                "verbose_name": "登録の状態の変更",
                "verbose_name_plural": "登録の状態の変更",
                "ordering": ["on", "id"],
            },
        ),
        migrations.AddField(
            model_name="group",
            name="merged_into",
            field=civic.tenancy.models.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="centres.group",
                verbose_name="統合した先",
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="standing",
            field=models.CharField(
                choices=[
                    ("listed", "掲載のみ（登録なし）"),
                    ("registered", "登録中"),
                    ("in_grace", "更新待ち"),
                    ("expired", "期限切れ"),
                    ("suspended", "登録停止中"),
                    ("dissolved", "解散"),
                    ("merged", "ほかの団体番号に統合"),
                ],
                default="listed",
                max_length=10,
                verbose_name="登録の状態",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "standing__in",
                        ["listed", "registered", "in_grace", "expired", "suspended", "dissolved", "merged"],
                    )
                ),
                name="centres_group_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_published", False), ("standing__in", ["listed", "registered", "in_grace"]), _connector="OR"
                ),
                name="centres_group_published_while_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("standing", "merged")),
                    models.Q(models.Q(("standing", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="centres_group_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="standingchange",
            index=models.Index(fields=["municipality", "group", "on"], name="centres_standing_history"),
        ),
        migrations.AddConstraint(
            model_name="standingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "standing__in",
                        ["listed", "registered", "in_grace", "expired", "suspended", "dissolved", "merged"],
                    )
                ),
                name="centres_change_standing",
            ),
        ),
        Isolate("StandingChange"),
        Isolate(
            "Group",
            unaudited=["search_text"],
            personal=["contact_name", "address", "phone", "fax", "email"],
        ),
    ]
