"""The one trace that a view leaves itself: looking changes no row, so no trigger sees it."""

from civic.accounts.models import User
from civic.audit.models import PersonalRecordView
from civic.tenancy.models import TenantModel


def record_viewing(user: User, record: TenantModel, purpose: str) -> None:
    """Note that `user` opened `record`, which holds personal data, and what for (at most 100 characters, in Japanese).

    Called by each view that shows such a record by itself, within `acting_as`.
    """
    PersonalRecordView.objects.create(
        viewer_id=user.pk, table_name=record._meta.db_table, row_id=record.pk, purpose=purpose
    )
