"""Introductions: one who could help, one who asked for help, and whether both want it."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Group
from civic.calendar import age_on
from civic.tenancy.models import TenantForeignKey, TenantModel
from matching.models.help_request import HelpRequest, Shift
from matching.models.supporter import Supporter


class Side(models.TextChoices):
    """The two who are brought together: whoever offers help (of a request for partners, a group), and who asked."""

    VOLUNTEER = "volunteer", _("手伝う側")
    GROUP = "group", _("募集した側")


class MatchState(models.TextChoices):
    """Where an introduction stands."""

    PROPOSED = "proposed", _("候補")
    VOLUNTEER_ASKED = "volunteer_asked", _("手伝う側に確認中")
    VOLUNTEER_NO = "volunteer_no", _("手伝う側が辞退")
    WAITING = "waiting", _("空き待ち")
    VOLUNTEER_YES = "volunteer_yes", _("手伝う側が希望")
    GROUP_ASKED = "group_asked", _("募集した側に確認中")
    GROUP_NO = "group_no", _("募集した側が見送り")
    GROUP_YES = "group_yes", _("双方が希望")
    INTRODUCED = "introduced", _("紹介済み")
    ACTIVE = "active", _("活動中")
    COMPLETED = "completed", _("活動完了")
    CANCELLED = "cancelled", _("取りやめ")
    NO_SHOW = "no_show", _("当日来なかった")
    LAPSED = "lapsed", _("返事がなく終了")


State = MatchState
# From each state to those that may follow it; `matching.introductions.moving.move` lets nothing else happen.
TRANSITIONS: dict[MatchState, frozenset[MatchState]] = {
    # Whoever applies to a request has said yes by it.
    State.PROPOSED: frozenset({State.VOLUNTEER_ASKED, State.VOLUNTEER_YES, State.WAITING, State.CANCELLED}),
    State.VOLUNTEER_ASKED: frozenset(
        {State.VOLUNTEER_YES, State.WAITING, State.VOLUNTEER_NO, State.LAPSED, State.CANCELLED}
    ),
    State.WAITING: frozenset({State.VOLUNTEER_ASKED, State.VOLUNTEER_YES, State.VOLUNTEER_NO, State.CANCELLED}),
    State.VOLUNTEER_YES: frozenset({State.GROUP_ASKED, State.CANCELLED}),
    State.GROUP_ASKED: frozenset({State.GROUP_YES, State.GROUP_NO, State.LAPSED, State.CANCELLED}),
    State.GROUP_YES: frozenset({State.INTRODUCED, State.CANCELLED}),
    State.INTRODUCED: frozenset({State.ACTIVE, State.COMPLETED, State.CANCELLED, State.NO_SHOW}),
    State.ACTIVE: frozenset({State.COMPLETED, State.CANCELLED, State.NO_SHOW}),
    # Asked again by staff, of whoever did not answer.
    State.LAPSED: frozenset({State.VOLUNTEER_ASKED, State.GROUP_ASKED, State.CANCELLED}),
    State.VOLUNTEER_NO: frozenset(),
    State.GROUP_NO: frozenset(),
    State.CANCELLED: frozenset(),
    # Said by mistake, and taken back by staff with a reason.
    State.COMPLETED: frozenset({State.ACTIVE}),
    State.NO_SHOW: frozenset({State.ACTIVE}),
}
HOLDING = [
    State.VOLUNTEER_YES,
    State.GROUP_ASKED,
    State.GROUP_YES,
    State.INTRODUCED,
    State.ACTIVE,
    State.COMPLETED,
    State.NO_SHOW,
]
"""The states in which a match takes a place of its request, and its supporter's time."""
ASKED = [State.VOLUNTEER_ASKED, State.GROUP_ASKED]
"""The states in which somebody's answer is waited for, until `answer_by`."""
DISCLOSED = [State.INTRODUCED, State.ACTIVE, State.COMPLETED]
"""The states in which each side sees of the other what was consented to."""
ENDED = [State.VOLUNTEER_NO, State.GROUP_NO, State.COMPLETED, State.CANCELLED, State.NO_SHOW]
"""The states in which nothing is to be done any more."""
CAME_TO_NOTHING = [State.VOLUNTEER_NO, State.GROUP_NO, State.CANCELLED]
"""The states after which the same two may have another match for the same time."""


class AgeBand(models.IntegerChoices):
    """An age in bands, each named by its first year: as fine as statistics need it, and no finer."""

    UNDER_AGE = 0, _("18歳未満")
    FROM_18 = 18, _("18〜29歳")
    FROM_30 = 30, _("30〜39歳")
    FROM_40 = 40, _("40〜49歳")
    FROM_50 = 50, _("50〜59歳")
    FROM_60 = 60, _("60〜69歳")
    FROM_70 = 70, _("70〜79歳")
    FROM_80 = 80, _("80歳以上")

    @classmethod
    def on(cls, day: date, born: date | None) -> "AgeBand | None":
        """Return the band, on a day, of somebody born on another; None where that is not known."""
        return None if born is None else max(band for band in cls if band <= age_on(day, born))


QUARTER = timedelta(minutes=15)
# Keeps each supporter's time apart from every other's: seconds since 1970 stay below it until the year 2242.
_SUPPORTER_APART = 2**33


def _second(moment: str) -> CombinedExpression:
    """A moment of a supporter as a number that no moment of another has."""
    # At UTC, because an index takes no expression that depends on the connection's time zone.
    seconds = Func(
        moment,
        template="EXTRACT(EPOCH FROM %(expressions)s AT TIME ZONE 'UTC')::bigint",
        output_field=models.BigIntegerField(),
    )
    return CombinedExpression(Cast("supporter", models.BigIntegerField()) * Value(_SUPPORTER_APART), "+", seconds)


class Match(TenantModel):
    """A supporter, or a group as a partner, for a request, and for one of its shifts where it has some.

    `people` is how many come; a group or a business may bring several. `starts_at` and `ends_at` are the shift's, kept
    here so that the database holds a supporter's time against clashes. `reasons` are the words by which the candidate
    was proposed.

    `age_band` is the supporter's on the day of the introduction. The birthday goes once they have left; past years stay
    counted by age all the same, and a band of ten years tells of nobody who it was.
    """

    request = TenantForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="matches", verbose_name=_("募集"))
    shift = TenantForeignKey(
        Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="matches", verbose_name=_("日時")
    )
    supporter = TenantForeignKey(
        Supporter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matches",
        verbose_name=_("ギルド登録者"),
    )
    partner = TenantForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="partnerings", verbose_name=_("相手の団体")
    )
    people = models.PositiveSmallIntegerField(_("人数（人）"), default=1)
    age_band = models.PositiveSmallIntegerField(_("年代"), choices=AgeBand, null=True)
    state = models.CharField(_("状態"), max_length=15, choices=MatchState, default=MatchState.PROPOSED)
    starts_at = models.DateTimeField(_("はじまり"), null=True)
    ends_at = models.DateTimeField(_("終わり"), null=True)
    answer_by = models.DateTimeField(_("返事の期限"), null=True)
    reasons = models.JSONField(_("候補になった理由"), default=list)
    score = models.IntegerField(_("点"), default=0)
    made_at = models.DateTimeField(_("作った日時"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("候補にした人"),
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("マッチング")
        verbose_name_plural = _("マッチング")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["municipality", "request", "state"], name="matching_match_of_request"),
            models.Index(fields=["municipality", "supporter", "state"], name="matching_match_of_supporter"),
            models.Index(fields=["municipality", "state", "answer_by"], name="matching_match_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="matching_match_state"),
            models.CheckConstraint(
                condition=Q(supporter__isnull=False, partner=None) | Q(supporter=None, partner__isnull=False),
                name="matching_one_candidate",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="matching_match_people"),
            models.CheckConstraint(condition=Q(age_band__in=AgeBand.values), name="matching_match_age_band"),
            models.CheckConstraint(
                condition=Q(shift=None, starts_at=None, ends_at=None)
                | Q(shift__isnull=False, starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="matching_match_has_its_shifts_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ASKED, answer_by__isnull=False) | (~Q(state__in=ASKED) & Q(answer_by=None)),
                name="matching_asked_until_a_time",
            ),
            models.UniqueConstraint(
                fields=["municipality", "request", "shift", "supporter"],
                condition=Q(supporter__isnull=False) & ~Q(state__in=CAME_TO_NOTHING),
                nulls_distinct=False,
                name="matching_supporter_once_a_shift",
            ),
            models.UniqueConstraint(
                fields=["municipality", "request", "shift", "partner"],
                condition=Q(partner__isnull=False) & ~Q(state__in=CAME_TO_NOTHING),
                nulls_distinct=False,
                name="matching_partner_once_a_request",
            ),
            ExclusionConstraint(
                name="matching_nobody_twice_at_once",
                # The supporter is part of the numbers: beside a range it would need the extension btree_gist.
                expressions=[
                    (Func(_second("starts_at"), _second("ends_at"), function="int8range"), RangeOperators.OVERLAPS)
                ],
                condition=Q(state__in=HOLDING, supporter__isnull=False, starts_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.supporter_id or self.partner_id} {self.state}"

    @property
    def planned_hours(self) -> Decimal | None:
        """How long its time is, in hours to a quarter; None where it has none."""
        if not (self.starts_at and self.ends_at):
            return None
        return Decimal(round((self.ends_at - self.starts_at) / QUARTER)) / 4

    @property
    def is_disclosed(self) -> bool:
        """Whether both wanted it, so that each may see of the other what was consented to."""
        return self.state in DISCLOSED

    @property
    def is_to_come(self) -> bool:
        """Whether its time has not begun; what is agreed between both has none."""
        return self.starts_at is not None and self.starts_at > timezone.now()


class MatchStep(TenantModel):
    """A match came to a state. Never deleted, and never changed but that `by` goes with its account.

    `by` is nobody where a link of a letter, or the clock did it.
    """

    class Actor(models.TextChoices):
        STAFF = "staff", _("センター")
        VOLUNTEER = "volunteer", _("手伝う側")
        GROUP = "group", _("募集した側")
        CLOCK = "clock", _("ポータル（自動）")

    match = TenantForeignKey(Match, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(_("状態"), max_length=15, choices=MatchState)
    actor = models.CharField(_("だれが"), max_length=9, choices=Actor)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("行った人")
    )
    at = models.DateTimeField(_("日時"), default=timezone.now)
    comment = models.CharField(_("理由・連絡"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("マッチングの経過")
        verbose_name_plural = _("マッチングの経過")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="matching_step_state"),
            models.CheckConstraint(
                condition=Q(actor__in=["staff", "volunteer", "group", "clock"]), name="matching_step_actor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.get_state_display()}"


class AnswerLink(TenantModel):
    """The link in a letter by which one side answers once, until it expires. Opening it answers nothing.

    The address carries the row's number and `nonce`, signed; what was answered stands in the match's steps.
    """

    match = TenantForeignKey(Match, on_delete=models.CASCADE, related_name="links")
    side = models.CharField(_("どちら"), max_length=9, choices=Side)
    nonce = models.CharField(_("合いことば"), max_length=32)
    expires_at = models.DateTimeField(_("いつまで"))
    used_at = models.DateTimeField(_("答えた日時"), null=True)

    class Meta:
        verbose_name = _("返事のためのリンク")
        verbose_name_plural = _("返事のためのリンク")
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="matching_link_side"),
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.side}"


class LetterKind(models.TextChoices):
    """What a letter is for."""

    WELCOME = "welcome", _("登録の確認")
    NEWS = "news", _("新しい募集のお知らせ")
    ASK_VOLUNTEER = "ask_volunteer", _("手伝いのお願い")
    REMIND_VOLUNTEER = "remind_volunteer", _("お返事のお願い（手伝う側）")
    ASK_GROUP = "ask_group", _("手伝いたい人の紹介")
    REMIND_GROUP = "remind_group", _("お返事のお願い（募集した側）")
    WAITING = "waiting", _("空き待ち")
    INTRODUCED = "introduced", _("紹介")
    DECLINED = "declined", _("見送り")
    CANCELLED = "cancelled", _("取りやめ")
    THANKS = "thanks", _("お礼と感想のお願い")
    REQUEST_OPENED = "request_opened", _("募集を公開した知らせ")
    REQUEST_BACK = "request_back", _("募集を直すお願い")
    REQUEST_OFF = "request_off", _("募集の取りやめ")


class GuildLetter(TenantModel):
    """A letter of the guild, kept as it was sent: about a match to one of its sides, news to a supporter, or to a group
    about its request.

    Written in the transaction of what it tells. Sending first marks `sending_at`, so whoever finds it marked and not
    `mailed_at` after a while knows that it may or may not have gone out, and leaves it to a person (`QueueEntry`), who
    sends it again or tells by other means what it says (`told_at`): nobody is asked twice by a machine, and nobody is
    forgotten.
    """

    kind = models.CharField(_("種類"), max_length=16, choices=LetterKind)
    match = TenantForeignKey(Match, on_delete=models.CASCADE, null=True, related_name="letters")
    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, null=True, related_name="letters")
    request = TenantForeignKey(HelpRequest, on_delete=models.CASCADE, null=True, related_name="letters")
    side = models.CharField(_("あて先"), max_length=9, choices=Side)
    link = TenantForeignKey(AnswerLink, on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(_("件名"), max_length=200)
    body = models.TextField(_("本文"))
    written_at = models.DateTimeField(_("書いた日時"), default=timezone.now)
    sending_at = models.DateTimeField(_("送りはじめた日時"), null=True)
    mailed_at = models.DateTimeField(_("送った日時"), null=True)
    told_at = models.DateTimeField(_("電話などで伝えた日時"), null=True)

    class Meta:
        verbose_name = _("ギルドの手紙")
        verbose_name_plural = _("ギルドの手紙")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["municipality", "written_at"], condition=Q(mailed_at=None), name="matching_unsent")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LetterKind.values), name="matching_letter_kind"),
            models.CheckConstraint(
                condition=Q(match__isnull=False) | Q(supporter__isnull=False) | Q(request__isnull=False),
                name="matching_letter_about_something",
            ),
            models.CheckConstraint(
                condition=Q(mailed_at=None) | Q(sending_at__isnull=False), name="matching_sent_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
