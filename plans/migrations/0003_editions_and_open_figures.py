import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Audit, Isolate

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
MUNICIPALITY = (
    "municipality",
    models.ForeignKey(
        db_default=civic.tenancy.models.CurrentMunicipality(),
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.municipality",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0002_progress"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="annualreport",
            options={
                "ordering": ["-fiscal_year", "-edition"],
                "verbose_name": "年次報告書",
                "verbose_name_plural": "年次報告書",
            },
        ),
        migrations.RemoveConstraint(model_name="annualreport", name="plans_report_one_a_year"),
        migrations.AddField(
            model_name="annualreport",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="版"),
        ),
        migrations.AlterField(
            model_name="annualreport",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "下書き"),
                    ("frozen", "確定（公開前）"),
                    ("published", "公開中"),
                    ("corrected", "公開中（訂正版あり）"),
                ],
                default="draft",
                max_length=9,
                verbose_name="状態",
            ),
        ),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.UniqueConstraint(
                fields=("municipality", "plan", "fiscal_year", "edition"), name="plans_report_one_an_edition"
            ),
        ),
        migrations.CreateModel(
            name="ReportUnfreezing",
            fields=[
                ID,
                ("sha256", models.CharField(max_length=64, verbose_name="取り消した内容のSHA-256")),
                ("reason", models.CharField(max_length=300, verbose_name="取り消した理由")),
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
                MUNICIPALITY,
                (
                    "report",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unfreezings",
                        to="plans.annualreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "年次報告書の確定の取り消し",
                "verbose_name_plural": "年次報告書の確定の取り消し",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="plans_unfreezing_has_reason"
                    )
                ],
            },
        ),
        Isolate("ReportUnfreezing"),
        migrations.CreateModel(
            name="ReportCorrection",
            fields=[
                ID,
                ("place", models.CharField(max_length=80, verbose_name="記号")),
                ("field", models.CharField(max_length=40, verbose_name="欄")),
                ("label", models.CharField(max_length=400, verbose_name="ところ")),
                ("old", models.TextField(verbose_name="訂正前")),
                ("new", models.TextField(verbose_name="訂正後")),
                ("reason", models.CharField(max_length=300, verbose_name="訂正の理由")),
                ("made_on", models.DateField(verbose_name="訂正の日")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="訂正した人",
                    ),
                ),
                MUNICIPALITY,
                (
                    "report",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="plans.annualreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "年次報告書の訂正",
                "verbose_name_plural": "年次報告書の訂正",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "report", "place", "field"), name="plans_correction_once_a_field"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="plans_correction_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True),
                        name="plans_correction_changes_something",
                    ),
                ],
            },
        ),
        Isolate("ReportCorrection"),
        migrations.CreateModel(
            name="PublishedOpenFigure",
            fields=[
                ID,
                ("series", models.CharField(max_length=60, verbose_name="記号")),
                ("title", models.CharField(max_length=200, verbose_name="指標名")),
                ("unit", models.CharField(max_length=20, verbose_name="単位")),
                ("definition", models.TextField(blank=True, verbose_name="定義")),
                ("breaks", models.TextField(blank=True, verbose_name="定義の変更")),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="値")),
                ("printed", models.CharField(max_length=50, verbose_name="表記")),
                ("population", models.PositiveIntegerField(null=True, verbose_name="人口")),
                ("population_label", models.CharField(blank=True, max_length=100, verbose_name="人口の時点")),
                ("plan_slug", models.SlugField(max_length=30, verbose_name="計画")),
                ("plan_title", models.CharField(max_length=200, verbose_name="計画名")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="版")),
                ("is_sample", models.BooleanField(verbose_name="サンプル")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_figures",
                        to="tenancy.municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "公開した数値",
                "verbose_name_plural": "公開した数値",
                "ordering": ["series", "municipality__code", "-fiscal_year", "plan_slug"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "plan_slug", "fiscal_year", "series"),
                        name="plans_open_figure_once_a_report",
                    )
                ],
            },
        ),
        Audit("PublishedOpenFigure"),
    ]
