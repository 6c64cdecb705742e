import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import civic.tenancy.models
from centres.search import CREATE_FOLD
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    """What groups are looked for by. Folding has changed, so the generated columns are made anew."""

    dependencies = [("centres", "0005_entries_and_referrals"), ("tenancy", "0002_population")]

    operations = [
        migrations.RunSQL(CREATE_FOLD, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="group",
            name="seeks_members",
            field=models.BooleanField(default=False, verbose_name="会員を募集"),
        ),
        migrations.AddField(
            model_name="group",
            name="seeks_partners",
            field=models.BooleanField(default=False, verbose_name="協働の相手を募集"),
        ),
        migrations.AddField(
            model_name="group",
            name="seeks_volunteers",
            field=models.BooleanField(default=False, verbose_name="ボランティアを募集"),
        ),
        migrations.AddField(
            model_name="group",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                size=None,
                verbose_name="タグ",
            ),
        ),
        migrations.RemoveField(model_name="consultation", name="search_text"),
        migrations.AddField(
            model_name="consultation",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    django.db.models.functions.text.Concat(
                        "summary",
                        models.Value("\n"),
                        "content",
                        models.Value("\n"),
                        "answer",
                        output_field=models.TextField(),
                    ),
                    function="fold_for_search",
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.RemoveField(model_name="group", name="search_text"),
        migrations.AddField(
            model_name="group",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    django.db.models.functions.text.Concat(
                        "name",
                        models.Value("\n"),
                        "name_kana",
                        models.Value("\n"),
                        "purpose",
                        models.Value("\n"),
                        "description",
                        models.Value("\n"),
                        "looking_for",
                        models.Value("\n"),
                        models.Func(models.F("tags"), function="words_of_list", output_field=models.TextField()),
                        output_field=models.TextField(),
                    ),
                    function="fold_for_search",
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.CreateModel(
            name="GroupDistrict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "district",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.district",
                        verbose_name="地区",
                    ),
                ),
                (
                    "group",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="in_districts", to="centres.group"
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
            options={"verbose_name": "団体の活動する地区", "verbose_name_plural": "団体の活動する地区"},
        ),
        migrations.AddField(
            model_name="group",
            name="active_districts",
            field=models.ManyToManyField(
                blank=True,
                related_name="active_groups",
                through="centres.GroupDistrict",
                to="centres.district",
                verbose_name="活動する地区",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupdistrict",
            constraint=models.UniqueConstraint(
                fields=("municipality", "group", "district"), name="centres_group_district"
            ),
        ),
        Isolate("GroupDistrict"),
    ]
