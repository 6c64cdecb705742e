"""The municipalities, and what every record of one of them has in common."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SETTING = "app.municipality_id"
"""The PostgreSQL setting that names the municipality of the running transaction."""

# First segments of addresses that belong to the portal itself.
RESERVED_SLUGS = frozenset({"accounts", "compare", "components", "healthz", "i18n", "operator", "readyz", "static"})


def refuse_reserved_slug(value: str) -> None:
    """Raise ValidationError where a slug would hide one of the portal's own addresses."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("この文字列は使えません。"))


class Theme(models.TextChoices):
    """Named palettes; the colours themselves are in static/css."""

    BLUE = "blue", _("青")
    GREEN = "green", _("緑")
    ORANGE = "orange", _("だいだい")
    PURPLE = "purple", _("紫")
    TEAL = "teal", _("青緑")


class Licence(models.TextChoices):
    """On which terms everybody may use what a municipality publishes as data."""

    CC_BY = "cc-by-4.0", _("クリエイティブ・コモンズ 表示 4.0 国際（CC BY 4.0）")
    CC0 = "cc0-1.0", _("クリエイティブ・コモンズ CC0 1.0（権利の放棄）")

    @property
    def url(self) -> str:
        """Where its text is."""
        return {
            Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/deed.ja",
            Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/deed.ja",
        }[self]


class Municipality(models.Model):
    """A city, town or village that runs its centre on the portal. Global: it is what tenancy is about."""

    code = models.CharField(
        _("団体コード"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$", _("6けたの数字で入力してください。"))],
    )
    slug = models.SlugField(_("アドレス"), unique=True, validators=[refuse_reserved_slug])
    name = models.CharField(_("名称"), max_length=50)
    name_kana = models.CharField(_("名称（かな）"), max_length=100)
    prefecture = models.CharField(_("都道府県"), max_length=10)
    theme = models.CharField(_("配色"), max_length=10, choices=Theme, default=Theme.BLUE)
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    population_label = models.CharField(_("人口の時点と調査名"), max_length=100, blank=True)
    guild_name = models.CharField(_("ボランティア制度の名称"), max_length=50)
    office_name = models.CharField(_("担当部署"), max_length=100)
    office_address = models.CharField(_("所在地"), max_length=200, blank=True)
    office_phone = models.CharField(_("電話"), max_length=20, blank=True)
    office_fax = models.CharField(_("ファクス"), max_length=20, blank=True)
    office_email = models.EmailField(_("メール"), blank=True)
    website = models.URLField(_("ウェブサイト"), blank=True)
    licence = models.CharField(_("オープンデータの利用条件"), max_length=10, choices=Licence, default=Licence.CC_BY)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("自治体")
        verbose_name_plural = _("自治体")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def licence_url(self) -> str:
        """Where the text of the licence is."""
        return Licence(self.licence).url

    @property
    def licence_link(self) -> str:
        """The header `Link` with which a file that cannot say so itself names its licence (RFC 8288, RFC 4946)."""
        return f'<{self.licence_url}>; rel="license"'


class CurrentMunicipality(models.Func):
    """The municipality of the running transaction. PostgreSQL raises an error where none is set."""

    template = f"current_setting('{SETTING}')::bigint"
    output_field = models.BigIntegerField()

    def __init__(self) -> None:
        super().__init__()


class TenantModel(models.Model):
    """A record of one municipality. Its table needs `Isolate` in the migration that creates it.

    `municipality` is filled by the database from the running transaction; ordinary code never passes it.
    """

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        db_default=CurrentMunicipality(),
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True


class TenantForeignKey(models.ForeignKey):
    """A reference between records of one municipality.

    The constraint is not Django's on the id alone but the composite one that `Isolate` writes,
    `(municipality_id, x_id) → (municipality_id, id)`, so a row cannot point into another municipality.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_constraint"]
        return name, path, args, kwargs


class TenantOneToOneField(models.OneToOneField):
    """`TenantForeignKey` for a record that belongs to exactly one other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_constraint"]
        return name, path, args, kwargs
