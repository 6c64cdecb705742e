"""From a municipality's files (fixtures/README.md) to its grants and cases. Run inside `acting_as`.

Loading adds what is missing and changes nothing that is there: what people have corrected since stays corrected.
"""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from centres.information import services
from centres.information.models import Case, Grant
from centres.models import Group
from civic.tenancy.context import current_municipality

Record = dict[str, Any]


def load(folder: Path) -> None:
    """Load the grants and cases that a municipality's documents tell of, where there are any."""
    path = folder / "information.json"
    if not path.exists():
        return
    records = json.loads(path.read_text())
    for grant in records["grants"]:
        Grant.objects.get_or_create(
            title=grant["title"],
            defaults={
                "giver": grant["giver"],
                "giver_name": current_municipality().name,
                "audience": grant["audience"],
                "body": "\n\n".join(grant["body"]),
                **_published(grant, records),
            },
        )
    for record in records["cases"]:
        case, is_new = Case.objects.get_or_create(
            title=record["title"],
            defaults={
                "partners": record["partners"],
                "done": "\n\n".join(record["body"]),
                **_published(record, records),
            },
        )
        if is_new:
            services.write_case(case, Group.objects.filter(name__in=record["groups"]))


def _published(record: Record, within: Record) -> Record:
    """It has been public since the city published it; where it was read comes along."""
    return {
        "is_published": True,
        "published_at": timezone.now(),
        "source": record.get("source") or within["source"],
    }
