"""Groups: who is active in the municipality, in what, and where."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models.standing import ENTITLEMENTS, Entitlement, GroupStanding, standings_with
from centres.search import list_of_words, search_text
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


class ActivityField(models.IntegerChoices):
    """The fields of specified non-profit activity, by their number in the NPO Act's annexed table (特定非営利活動促進法
    別表). The label is the everyday name; `legal_name` is the Act's."""

    HEALTH = 1, _("保健・医療・福祉")
    SOCIAL_EDUCATION = 2, _("社会教育")
    COMMUNITY = 3, _("まちづくり")
    TOURISM = 4, _("観光の振興")
    RURAL = 5, _("農山漁村・中山間地域の振興")
    CULTURE = 6, _("学術・文化・芸術・スポーツ")
    ENVIRONMENT = 7, _("環境の保全")
    DISASTER_RELIEF = 8, _("災害救援")
    SAFETY = 9, _("地域安全")
    HUMAN_RIGHTS = 10, _("人権の擁護・平和の推進")
    INTERNATIONAL = 11, _("国際協力")
    GENDER_EQUALITY = 12, _("男女共同参画社会")
    CHILDREN = 13, _("子どもの健全育成")
    INFORMATION = 14, _("情報化社会の発展")
    SCIENCE = 15, _("科学技術の振興")
    ECONOMY = 16, _("経済活動の活性化")
    EMPLOYMENT = 17, _("職業能力の開発・雇用機会")
    CONSUMERS = 18, _("消費者の保護")
    SUPPORT_OF_GROUPS = 19, _("市民活動団体の援助")
    BY_ORDINANCE = 20, _("条例で定める活動")

    @property
    def legal_name(self) -> str:
        """The wording of the Act."""
        return str(_LEGAL_NAMES[self])


_LEGAL_NAMES = {
    ActivityField.HEALTH: _("保健、医療又は福祉の増進を図る活動"),
    ActivityField.SOCIAL_EDUCATION: _("社会教育の推進を図る活動"),
    ActivityField.COMMUNITY: _("まちづくりの推進を図る活動"),
    ActivityField.TOURISM: _("観光の振興を図る活動"),
    ActivityField.RURAL: _("農山漁村又は中山間地域の振興を図る活動"),
    ActivityField.CULTURE: _("学術、文化、芸術又はスポーツの振興を図る活動"),
    ActivityField.ENVIRONMENT: _("環境の保全を図る活動"),
    ActivityField.DISASTER_RELIEF: _("災害救援活動"),
    ActivityField.SAFETY: _("地域安全活動"),
    ActivityField.HUMAN_RIGHTS: _("人権の擁護又は平和の推進を図る活動"),
    ActivityField.INTERNATIONAL: _("国際協力の活動"),
    ActivityField.GENDER_EQUALITY: _("男女共同参画社会の形成の促進を図る活動"),
    ActivityField.CHILDREN: _("子どもの健全育成を図る活動"),
    ActivityField.INFORMATION: _("情報化社会の発展を図る活動"),
    ActivityField.SCIENCE: _("科学技術の振興を図る活動"),
    ActivityField.ECONOMY: _("経済活動の活性化を図る活動"),
    ActivityField.EMPLOYMENT: _("職業能力の開発又は雇用機会の拡充を支援する活動"),
    ActivityField.CONSUMERS: _("消費者の保護を図る活動"),
    ActivityField.SUPPORT_OF_GROUPS: _("前各号に掲げる活動を行う団体の運営又は活動に関する連絡、助言又は援助の活動"),
    ActivityField.BY_ORDINANCE: _("前各号に掲げる活動に準ずる活動として都道府県又は指定都市の条例で定める活動"),
}


TAG_LENGTH = 20


class GroupKind(models.TextChoices):
    """What sort of body a group is."""

    CIVIC = "civic", _("市民活動団体")
    NPO = "npo", _("NPO法人")
    COUNCIL = "council", _("まちづくり・地域づくり協議会")
    NEIGHBOURHOOD = "neighbourhood", _("自治会・町内会")
    BUSINESS = "business", _("企業・事業者")
    SCHOOL = "school", _("学校")


class Seeking(models.TextChoices):
    """Whom a group looks for. The value is that of the group's column `seeks_…`."""

    MEMBERS = "members", _("会員")
    VOLUNTEERS = "volunteers", _("ボランティア")
    PARTNERS = "partners", _("協働の相手")


class District(TenantModel):
    """A part of the municipality (地区) by which people look for what is near them."""

    name = models.CharField(_("地区"), max_length=50)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("地区")
        verbose_name_plural = _("地区")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="centres_district_name")]

    def __str__(self) -> str:
        return self.name


class Group(TenantModel):
    """A group of the directory. Each way to reach it is shown to the public only where its own `…_is_public` says so.

    `district` is where it is at home, `active_districts` where it works. `tags` are everyday words for what it does.
    `last_confirmed_on` is the day on which somebody confirmed the entry, not the day on which a row was saved.
    """

    number = models.PositiveIntegerField(_("団体番号"))
    name = models.CharField(_("団体名"), max_length=200)
    name_kana = models.CharField(_("団体名（かな）"), max_length=200, blank=True)
    kind = models.CharField(_("種別"), max_length=15, choices=GroupKind)
    district = TenantForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="groups", verbose_name=_("地区")
    )
    purpose = models.CharField(_("活動の目的"), max_length=300, blank=True)
    active_districts = models.ManyToManyField(
        District, through="GroupDistrict", related_name="active_groups", blank=True, verbose_name=_("活動する地区")
    )
    description = models.TextField(_("活動の内容"), blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_LENGTH), verbose_name=_("タグ"), default=list, blank=True)
    seeks_members = models.BooleanField(_("会員を募集"), default=False)
    seeks_volunteers = models.BooleanField(_("ボランティアを募集"), default=False)
    seeks_partners = models.BooleanField(_("協働の相手を募集"), default=False)
    looking_for = models.TextField(_("募集していること"), blank=True)
    meeting_day = models.CharField(_("活動する日"), max_length=100, blank=True)
    meeting_place = models.CharField(_("活動する場所"), max_length=200, blank=True)
    members_count = models.PositiveIntegerField(_("会員数（人）"), null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("設立の年（西暦）"), null=True, blank=True)
    website = models.URLField(_("ウェブサイト"), blank=True)
    contact_name = models.CharField(_("連絡先の氏名"), max_length=100, blank=True)
    contact_name_is_public = models.BooleanField(_("氏名を公開"), default=False)
    address = models.CharField(_("連絡先の住所"), max_length=200, blank=True)
    address_is_public = models.BooleanField(_("住所を公開"), default=False)
    phone = models.CharField(_("電話"), max_length=20, blank=True)
    phone_is_public = models.BooleanField(_("電話を公開"), default=False)
    fax = models.CharField(_("ファクス"), max_length=20, blank=True)
    fax_is_public = models.BooleanField(_("ファクスを公開"), default=False)
    email = models.EmailField(_("メール"), blank=True)
    email_is_public = models.BooleanField(_("メールを公開"), default=False)
    registered_on = models.DateField(_("登録日"), null=True, blank=True)
    last_confirmed_on = models.DateField(_("最終確認日"), null=True, blank=True)
    standing = models.CharField(_("登録の状態"), max_length=10, choices=GroupStanding, default=GroupStanding.LISTED)
    is_published = models.BooleanField(_("公開"), default=False)
    merged_into = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("統合した先")
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)
    source = models.JSONField(_("出典"), default=dict, blank=True)
    search_text = models.GeneratedField(
        expression=search_text("name", "name_kana", "purpose", "description", "looking_for", list_of_words("tags")),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("団体")
        verbose_name_plural = _("団体")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="centres_group_number"),
            models.CheckConstraint(condition=models.Q(kind__in=GroupKind.values), name="centres_group_kind"),
            models.CheckConstraint(
                condition=models.Q(standing__in=GroupStanding.values), name="centres_group_standing"
            ),
            # So whoever asks whether a group is published has asked whether its standing lets it be.
            models.CheckConstraint(
                condition=models.Q(is_published=False) | models.Q(standing__in=standings_with(Entitlement.LISTING)),
                name="centres_group_published_while_listed",
            ),
            models.CheckConstraint(
                condition=models.Q(standing=GroupStanding.MERGED, merged_into__isnull=False)
                | (~models.Q(standing=GroupStanding.MERGED) & models.Q(merged_into=None)),
                name="centres_group_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_name(self) -> str:
        """The kind in words. Faster than `get_kind_display`, which lists show many times."""
        return str(GroupKind(self.kind).label)

    @property
    def seeking(self) -> list[Seeking]:
        """Whom the group looks for."""
        return [seeking for seeking in Seeking if getattr(self, f"seeks_{seeking}")]

    def may(self, entitlement: Entitlement) -> bool:
        """Return whether the group's standing gives it something."""
        return entitlement in ENTITLEMENTS[GroupStanding(self.standing)]


class StandingChange(TenantModel):
    """A group came to a standing on a day. `by` is None where the portal did it, as at the end of a year.

    `was_published` says whether it was in the directory before, so that it comes back there with its next registration.
    """

    group = TenantForeignKey(Group, on_delete=models.CASCADE, related_name="standing_changes", verbose_name=_("団体"))
    standing = models.CharField(_("登録の状態"), max_length=10, choices=GroupStanding)
    was_published = models.BooleanField(_("それまで公開"))
    on = models.DateField(_("この日から"))
    at = models.DateTimeField(_("日時"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("行った人")
    )
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("登録の状態の変更")
        verbose_name_plural = _("登録の状態の変更")
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standing__in=GroupStanding.values), name="centres_change_standing"
            )
        ]
        indexes = [models.Index(fields=["municipality", "group", "on"], name="centres_standing_history")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.get_standing_display()} {self.on}"


class GroupField(TenantModel):
    """A field in which a group is active; a group may have several."""

    group = TenantForeignKey(Group, on_delete=models.CASCADE, related_name="fields")
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField)

    class Meta:
        verbose_name = _("団体の活動分野")
        verbose_name_plural = _("団体の活動分野")
        ordering = ["field"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "group", "field"], name="centres_group_field"),
            models.CheckConstraint(condition=models.Q(field__in=ActivityField.values), name="centres_field_of_the_act"),
        ]

    def __str__(self) -> str:
        return str(ActivityField(self.field).label)

    @property
    def legal_name(self) -> str:
        """The field in the wording of the Act."""
        return ActivityField(self.field).legal_name


class GroupDistrict(TenantModel):
    """A district in which a group works; a group may work in several."""

    group = TenantForeignKey(Group, on_delete=models.CASCADE, related_name="in_districts")
    district = TenantForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("地区"))

    class Meta:
        verbose_name = _("団体の活動する地区")
        verbose_name_plural = _("団体の活動する地区")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "group", "district"], name="centres_group_district")
        ]

    def __str__(self) -> str:
        return f"{self.group}：{self.district}"


class CouncilProfile(TenantModel):
    """The people of the area that a council of residents (まちづくり協議会) stands for, as published.

    `elderly` counts those of 65 and over; `elderly_rate` is their share in per cent as the source prints it.
    """

    group = TenantOneToOneField(Group, on_delete=models.CASCADE, related_name="council")
    area = models.CharField(_("地域"), max_length=50, blank=True)
    population = models.PositiveIntegerField(_("人口（人）"))
    elderly = models.PositiveIntegerField(_("65歳以上の人口（人）"))
    elderly_rate = models.DecimalField(_("高齢化率（％）"), max_digits=5, decimal_places=2)
    households = models.PositiveIntegerField(_("世帯数（世帯）"))
    as_of = models.CharField(_("時点"), max_length=50)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("協議会の地域の人口")
        verbose_name_plural = _("協議会の地域の人口")

    def __str__(self) -> str:
        return f"{self.group} {self.as_of}"
