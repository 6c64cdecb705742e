import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


def municipality() -> models.ForeignKey:
    return models.ForeignKey(
        db_default=civic.tenancy.models.CurrentMunicipality(),
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.municipality",
    )


def person(verbose_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=verbose_name,
    )


def part_of(model: str, related_name: str, **options: str) -> civic.tenancy.models.TenantForeignKey:
    return civic.tenancy.models.TenantForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=model, **options
    )


def number() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0003_editions_and_open_figures"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="predecessor",
            field=civic.tenancy.models.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="plans.plan",
                verbose_name="前の計画",
            ),
        ),
        migrations.AddField(
            model_name="planitem",
            name="retired_on",
            field=models.DateField(blank=True, null=True, verbose_name="取り下げた日"),
        ),
        migrations.AddField(
            model_name="planitem",
            name="retired_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="取り下げた理由"),
        ),
        migrations.AddField(
            model_name="planitem",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="版"),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_on", None), ("retired_reason", "")),
                    models.Q(("retired_on__isnull", False), models.Q(("retired_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="plans_item_retired_for_a_reason",
            ),
        ),
        migrations.CreateModel(
            name="ItemTrace",
            fields=[
                ("id", number()),
                (
                    "kind",
                    models.CharField(
                        choices=[("split", "分割"), ("merge", "統合"), ("copied", "前の計画から引き継ぎ")],
                        max_length=6,
                        verbose_name="種類",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("by", person("行った人")),
                ("from_item", part_of("plans.planitem", "traces_onward", verbose_name="元の項目")),
                ("municipality", municipality()),
                ("to_item", part_of("plans.planitem", "traces_back", verbose_name="先の項目")),
            ],
            options={"verbose_name": "項目の由来", "verbose_name_plural": "項目の由来", "ordering": ["at", "id"]},
        ),
        migrations.CreateModel(
            name="PlanImport",
            fields=[
                ("id", number()),
                ("filename", models.CharField(max_length=200, verbose_name="ファイル名")),
                ("document", models.JSONField(verbose_name="内容")),
                ("based_on", models.CharField(max_length=64, verbose_name="比べた計画のSHA-256")),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="読んだ日時")),
                ("municipality", municipality()),
                ("plan", part_of("plans.plan", "imports")),
                ("read_by", person("読んだ人")),
            ],
            options={"verbose_name": "計画の読みこみ", "verbose_name_plural": "計画の読みこみ"},
        ),
        migrations.CreateModel(
            name="PlanRevision",
            fields=[
                ("id", number()),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("decided_on", models.DateField(verbose_name="決定日")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("document", models.JSONField(null=True, verbose_name="内容")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="始めた日時")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="終えた日時")),
                ("municipality", municipality()),
                ("plan", part_of("plans.plan", "revisions")),
                ("started_by", person("始めた人")),
            ],
            options={"verbose_name": "改定", "verbose_name_plural": "改定", "ordering": ["number"]},
        ),
        migrations.AddConstraint(
            model_name="itemtrace",
            constraint=models.UniqueConstraint(
                fields=("municipality", "from_item", "to_item"), name="plans_trace_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemtrace",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["split", "merge", "copied"])), name="plans_trace_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemtrace",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_item", models.F("to_item")), _negated=True),
                name="plans_trace_between_two_items",
            ),
        ),
        migrations.AddConstraint(
            model_name="planimport",
            constraint=models.UniqueConstraint(
                fields=("municipality", "plan", "read_by"), name="plans_import_one_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="planrevision",
            constraint=models.UniqueConstraint(fields=("municipality", "plan", "number"), name="plans_revision_number"),
        ),
        migrations.AddConstraint(
            model_name="planrevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("municipality", "plan"),
                name="plans_revision_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", None), ("finished_at", None)),
                    models.Q(("document__isnull", False), ("finished_at__isnull", False)),
                    _connector="OR",
                ),
                name="plans_revision_finished_has_document",
            ),
        ),
        Isolate("Plan"),
        Isolate("ItemTrace"),
        # A document repeats what the trail holds of every row already.
        Isolate("PlanRevision", unaudited=["document"]),
        Isolate("PlanImport", unaudited=["document"]),
    ]
