"""Long work of the guild."""

from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.jobs.kinds import Progress, ResultFile, job_kind
from civic.tenancy.urls import tenant_reverse
from matching.afterwards.certificate import activity_certificate
from matching.afterwards.services import CERTIFICATE
from matching.introductions import proposing
from matching.models import Proposal, Supporter
from matching.rules import KEEPS_GUILD, KEEPS_HELP


def _proposal(**parameters: int) -> str:
    return tenant_reverse("matching:proposal")


@job_kind(proposing.MAKE, title=_("今週の提案を作る"), rule=KEEPS_GUILD, page=_proposal)
def make_proposal(progress: Progress, by: int) -> None:
    """Compute who could be asked for what."""
    proposing.make_proposal(User.objects.get(pk=by), progress)


@job_kind(proposing.SEND, title=_("提案を送る"), rule=KEEPS_GUILD, page=_proposal)
def send_proposal(progress: Progress, proposal: int, by: int) -> None:
    """Ask everybody whom a person left in the proposal."""
    proposing.send(Proposal.objects.get(pk=proposal), User.objects.get(pk=by), progress)


@job_kind(CERTIFICATE, title=_("活動証明書を作る"), rule=KEEPS_HELP, is_personal=True)
def certificate(progress: Progress, supporter_id: int, fiscal_year: int) -> ResultFile:
    """Make the certificate of what a supporter did in a fiscal year."""
    content = activity_certificate(Supporter.objects.get(pk=supporter_id), fiscal_year)
    return ResultFile(f"katsudou-{fiscal_year}.pdf", "application/pdf", content)
