"""What needs a hand: the list that staff work off."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel
from matching.models.help_request import HelpRequest
from matching.models.match import GuildLetter, Match
from matching.models.supporter import Supporter


class QueueKind(models.TextChoices):
    """What is to be done."""

    CHECK_REQUEST = "check_request", _("募集を確認する")
    REREAD_REQUEST = "reread_request", _("直された募集を読む")
    FIND_PEOPLE = "find_people", _("手伝う人をさがす")
    GREET_SUPPORTER = "greet_supporter", _("新しい登録者に連絡する")
    VOLUNTEER_SILENT = "volunteer_silent", _("手伝う側の返事をきく")
    GROUP_SILENT = "group_silent", _("募集した側の返事をきく")
    PLACE_FREED = "place_freed", _("急に空きが出た")
    LETTER_UNCERTAIN = "letter_uncertain", _("手紙が届いたか確かめる")
    NO_SHOW = "no_show", _("当日来なかった人に連絡する")


class QueueEntry(TenantModel):
    """One thing to be done, about one thing. Whoever takes it has it until `taken_until`; then it is free again.

    `due_at` orders the queue: the most urgent first.
    """

    kind = models.CharField(_("すること"), max_length=16, choices=QueueKind)
    request = TenantForeignKey(HelpRequest, on_delete=models.CASCADE, null=True, related_name="queue_entries")
    match = TenantForeignKey(Match, on_delete=models.CASCADE, null=True, related_name="queue_entries")
    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, null=True, related_name="queue_entries")
    letter = TenantForeignKey(GuildLetter, on_delete=models.CASCADE, null=True, related_name="queue_entries")
    due_at = models.DateTimeField(_("いつまでに"))
    made_at = models.DateTimeField(_("できた日時"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("受け持つ人")
    )
    taken_until = models.DateTimeField(_("いつまで受け持つか"), null=True)
    done_at = models.DateTimeField(_("終えた日時"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("終えた人")
    )
    outcome = models.CharField(_("どうなったか"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("することの列")
        verbose_name_plural = _("することの列")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["municipality", "due_at", "id"], condition=Q(done_at=None), name="matching_queue_order"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=QueueKind.values), name="matching_queue_kind"),
            models.CheckConstraint(
                condition=Q(request__isnull=False)
                | Q(match__isnull=False)
                | Q(supporter__isnull=False)
                | Q(letter__isnull=False),
                name="matching_queue_about_something",
            ),
            models.UniqueConstraint(
                fields=["municipality", "kind", "request", "match", "supporter", "letter"],
                condition=Q(done_at=None),
                nulls_distinct=False,
                name="matching_queue_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
