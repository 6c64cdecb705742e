"""What the tests send files for."""

from civic.accounts.models import Role
from civic.accounts.rules import PUBLIC, for_roles
from civic.uploads.kinds import DOCUMENTS, IMAGES
from civic.uploads.purposes import Purpose, register

READS_PAPERS = for_roles("read papers", Role.MANAGER, Role.STAFF, Role.GROUP)

POSTERS = register(Purpose("tests.poster", IMAGES, rule=lambda file: PUBLIC))
PAPERS = register(
    Purpose(
        "tests.papers",
        DOCUMENTS,
        rule=lambda file: READS_PAPERS,
        is_theirs=lambda file, membership: membership.role != Role.GROUP or file.uploaded_by_id == membership.user_id,
        viewed_for="書類を読む",
    )
)
