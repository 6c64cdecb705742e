"""Long work of the guild."""

from django.utils.translation import gettext_lazy as _

from civic.jobs.kinds import Progress, ResultFile, job_kind
from civic.tenancy.urls import tenant_reverse
from matching.afterwards.certificate import activity_certificate
from matching.afterwards.services import CERTIFICATE
from matching.models import Supporter
from matching.rules import KEEPS_HELP


def _own_activity(supporter_id: int, fiscal_year: int) -> str:
    return tenant_reverse("matching:own_activity")


@job_kind(CERTIFICATE, title=_("活動証明書を作る"), rule=KEEPS_HELP, page=_own_activity)
def certificate(progress: Progress, supporter_id: int, fiscal_year: int) -> ResultFile:
    """Make the certificate of what a supporter did in a fiscal year."""
    content = activity_certificate(Supporter.objects.get(pk=supporter_id), fiscal_year)
    return ResultFile(f"katsudou-{fiscal_year}.pdf", "application/pdf", content)
