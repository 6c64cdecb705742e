"""The papers that come with an application: bylaws, and lists of members, which are never public."""

from django.utils.translation import gettext_lazy as _

from centres.registration.rules import KEEPS_REGISTER
from civic.uploads.kinds import DOCUMENTS
from civic.uploads.purposes import Purpose, register

PAPERS = register(
    Purpose(
        "registration.paper",
        DOCUMENTS,
        rule=lambda file: KEEPS_REGISTER,
        viewed_for=_("団体登録の書類を確かめる"),
    )
)
