"""The week's proposal: who could help with what, for all open requests together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel
from matching.models.help_request import HelpRequest, Shift
from matching.models.match import Match
from matching.models.supporter import Supporter


class Proposal(TenantModel):
    """An assignment that was computed, to be looked through and sent by a person, never by itself.

    `score` is its points; `bound` the points that no assignment of the same requests could exceed.
    """

    made_at = models.DateTimeField(_("作った日時"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("作った人")
    )
    score = models.IntegerField(_("点"))
    bound = models.IntegerField(_("点の上限"))
    sent_at = models.DateTimeField(_("送った日時"), null=True)
    discarded_at = models.DateTimeField(_("捨てた日時"), null=True)

    class Meta:
        verbose_name = _("今週の提案")
        verbose_name_plural = _("今週の提案")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(discarded_at=None), name="matching_proposal_ends_once"
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(sent_at=None, discarded_at=None),
                name="matching_one_proposal_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class ProposalLine(TenantModel):
    """One pair of a proposal; taken out by staff, it is not sent. What speaks for it is worked out when it is shown."""

    proposal = TenantForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines")
    request = TenantForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="+")
    shift = TenantForeignKey(Shift, on_delete=models.CASCADE, null=True, related_name="+")
    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="+")
    score = models.IntegerField(_("点"))
    is_taken_out = models.BooleanField(_("はずす"), default=False)
    match = TenantForeignKey(Match, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("提案の組合せ")
        verbose_name_plural = _("提案の組合せ")
        ordering = ["request", "-score", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "proposal", "request", "shift", "supporter"],
                nulls_distinct=False,
                name="matching_pair_once_a_proposal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.supporter_id}"
