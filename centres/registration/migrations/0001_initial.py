import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import civic.tenancy.models
from civic.tenancy.operations import Isolate


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_accepted_as"),
        ("centres", "0006_directory"),
        ("tenancy", "0002_population"),
        ("uploads", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("new", "新しい登録"), ("renewal", "更新"), ("change", "登録内容の変更")],
                        max_length=7,
                        verbose_name="種類",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "メールの確認待ち"),
                            ("received", "受付済み"),
                            ("under_review", "審査中"),
                            ("sent_back", "差し戻し"),
                            ("approved", "承認済み"),
                            ("published", "公開済み"),
                            ("refused", "不承認"),
                            ("withdrawn", "取り下げ"),
                        ],
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("representative_name", models.CharField(max_length=100, verbose_name="代表者の氏名")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="代表者のメールアドレス")),
                ("answers", models.JSONField(default=dict, verbose_name="内容")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="申込日時")),
                ("is_sample", models.BooleanField(default=False, verbose_name="サンプル")),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="入力した職員",
                    ),
                ),
                (
                    "group",
                    civic.tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
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
                "verbose_name": "登録の申込み",
                "verbose_name_plural": "登録の申込み",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ApplicationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "メールの確認待ち"),
                            ("received", "受付済み"),
                            ("under_review", "審査中"),
                            ("sent_back", "差し戻し"),
                            ("approved", "承認済み"),
                            ("published", "公開済み"),
                            ("refused", "不承認"),
                            ("withdrawn", "取り下げ"),
                        ],
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="理由・連絡")),
                (
                    "application",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="registration.application"
                    ),
                ),
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
                "verbose_name": "申込みの経過",
                "verbose_name_plural": "申込みの経過",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="FieldRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=50, verbose_name="項目")),
                ("needs_approval", models.BooleanField(default=False, verbose_name="変えるとき、職員の確認がいる")),
                (
                    "publicity",
                    models.CharField(
                        choices=[("always", "いつも公開する"), ("choice", "団体がえらぶ"), ("never", "公開しない")],
                        default="always",
                        max_length=6,
                        verbose_name="公開",
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
                "verbose_name": "団体の項目のきまり",
                "verbose_name_plural": "団体の項目のきまり",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=100, verbose_name="質問")),
                ("help", models.CharField(blank=True, max_length=200, verbose_name="説明")),
                (
                    "kind",
                    models.CharField(
                        choices=[("line", "一行"), ("text", "文章"), ("number", "数"), ("choice", "えらぶ")],
                        default="line",
                        max_length=6,
                        verbose_name="答え方",
                    ),
                ),
                ("choices", models.TextField(blank=True, verbose_name="えらぶ答え（一行に一つ）")),
                ("is_required", models.BooleanField(default=False, verbose_name="必須")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="並び順")),
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
                "verbose_name": "申込書の質問",
                "verbose_name_plural": "申込書の質問",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="登録日")),
                ("valid_until", models.DateField(verbose_name="登録の終わり")),
                ("is_sample", models.BooleanField(default=False, verbose_name="サンプル")),
                (
                    "application",
                    civic.tenancy.models.TenantOneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registration",
                        to="registration.application",
                        verbose_name="申込み",
                    ),
                ),
                (
                    "group",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
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
                "verbose_name": "登録",
                "verbose_name_plural": "登録",
                "ordering": ["valid_until"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirm", "申込みの確認"),
                            ("received", "受付"),
                            ("sent_back", "差し戻し"),
                            ("approved", "承認"),
                            ("refused", "不承認"),
                            ("reminder", "更新のお知らせ"),
                            ("ended", "登録の期限切れ"),
                        ],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="宛先")),
                ("days_before", models.PositiveSmallIntegerField(default=0, verbose_name="何日前のお知らせ")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("mailed_at", models.DateTimeField(null=True, verbose_name="送った日時")),
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
                    "step",
                    civic.tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="registration.applicationstep",
                        verbose_name="申込みの経過",
                    ),
                ),
                (
                    "registration",
                    civic.tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="registration.registration",
                        verbose_name="登録",
                    ),
                ),
            ],
            options={
                "verbose_name": "登録についての手紙",
                "verbose_name_plural": "登録についての手紙",
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField(verbose_name="内容")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="作成日時")),
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
                    "registration",
                    civic.tenancy.models.TenantOneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificate",
                        to="registration.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "登録証",
                "verbose_name_plural": "登録証",
            },
        ),
        migrations.CreateModel(
            name="RegistrationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minimum_members", models.PositiveSmallIntegerField(default=5, verbose_name="必要な会員数（人）")),
                (
                    "expires_month",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="登録が終わる月",
                    ),
                ),
                (
                    "expires_day",
                    models.PositiveSmallIntegerField(
                        default=31,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="登録が終わる日",
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="更新を待つ日数（日）",
                    ),
                ),
                (
                    "renewal_opens_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="更新を受け付けはじめる日（終わる何日前か）",
                    ),
                ),
                (
                    "reminder_days",
                    models.JSONField(blank=True, default=list, verbose_name="更新をお知らせする日（終わる何日前か）"),
                ),
                ("guidance", models.TextField(blank=True, verbose_name="申し込む人への説明")),
                ("is_sample", models.BooleanField(default=False, verbose_name="サンプル")),
                ("source", models.JSONField(blank=True, default=dict, verbose_name="出典")),
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
                "verbose_name": "団体登録のきまり",
                "verbose_name_plural": "団体登録のきまり",
            },
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="氏名")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="メールアドレス")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="開始")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="終了")),
                (
                    "group",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="representatives",
                        to="centres.group",
                        verbose_name="団体",
                    ),
                ),
                (
                    "invitation",
                    civic.tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.invitation",
                        verbose_name="招待",
                    ),
                ),
                (
                    "membership",
                    civic.tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="所属",
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
                "verbose_name": "団体の代表者",
                "verbose_name_plural": "団体の代表者",
                "ordering": ["started_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RequiredPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="書類")),
                ("is_required", models.BooleanField(default=True, verbose_name="必須")),
                ("for_renewal", models.BooleanField(default=True, verbose_name="更新のときも出す")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="並び順")),
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
                "verbose_name": "必要な書類",
                "verbose_name_plural": "必要な書類",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="registration.application",
                    ),
                ),
                (
                    "file",
                    civic.tenancy.models.TenantOneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.uploadedfile",
                        verbose_name="ファイル",
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
                    "required_paper",
                    civic.tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registration.requiredpaper",
                        verbose_name="書類",
                    ),
                ),
            ],
            options={
                "verbose_name": "申込みの書類",
                "verbose_name_plural": "申込みの書類",
                "ordering": ["required_paper__position", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["new", "renewal", "change"])), name="registration_application_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "unconfirmed",
                            "received",
                            "under_review",
                            "sent_back",
                            "approved",
                            "published",
                            "refused",
                            "withdrawn",
                        ],
                    )
                ),
                name="registration_application_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("group__isnull", False),
                    models.Q(("kind", "new"), models.Q(("state__in", ["approved", "published"]), _negated=True)),
                    _connector="OR",
                ),
                name="registration_application_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "unconfirmed"), _negated=True),
                    models.Q(("email", ""), _negated=True),
                    _connector="OR",
                ),
                name="registration_unconfirmed_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["unconfirmed", "received", "under_review", "sent_back"])),
                fields=("municipality", "group"),
                name="registration_one_open_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "unconfirmed",
                            "received",
                            "under_review",
                            "sent_back",
                            "approved",
                            "published",
                            "refused",
                            "withdrawn",
                        ],
                    )
                ),
                name="registration_step_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sent_back", "refused"]), _negated=True),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="registration_step_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldrule",
            constraint=models.UniqueConstraint(fields=("municipality", "name"), name="registration_field_rule"),
        ),
        migrations.AddConstraint(
            model_name="fieldrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("publicity__in", ["always", "choice", "never"])), name="registration_publicity"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["line", "text", "number", "choice"])),
                name="registration_question_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("municipality", "group", "valid_until"), name="registration_once_each_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="registration_begins_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("registration", None), ("step__isnull", False)),
                    models.Q(("registration__isnull", False), ("step", None)),
                    _connector="OR",
                ),
                name="registration_letter_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("registration__isnull", False)),
                fields=("municipality", "registration", "kind", "days_before"),
                name="registration_reminded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationrule",
            constraint=models.UniqueConstraint(fields=("municipality",), name="registration_one_rule"),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("municipality", "group"),
                name="registration_one_representative_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="requiredpaper",
            constraint=models.UniqueConstraint(fields=("municipality", "name"), name="registration_paper_name"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("municipality", "application", "required_paper"), name="registration_each_paper_once"
            ),
        ),
        Isolate("RegistrationRule"),
        Isolate("FieldRule"),
        Isolate("Question"),
        Isolate("RequiredPaper"),
        Isolate("Application", personal=["representative_name", "email", "answers"]),
        Isolate("ApplicationStep", personal=["comment"]),
        Isolate("Paper"),
        Isolate("Registration"),
        Isolate("Certificate", unaudited=["content"]),
        Isolate("Representative", personal=["name", "email"]),
        Isolate("Letter", unaudited=["mailed_at"], personal=["email"]),
    ]
