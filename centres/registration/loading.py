"""What a municipality's registration begins with. Run inside `acting_as`.

No source tells a city's own rule, so each begins with a usual one, marked as a sample until the manager settles it.
"""

from centres.registration.models import RegistrationRule, RequiredPaper

FIRST_PAPERS = ("規約・会則", "会員名簿")


def load() -> None:
    """Give a municipality the usual rule and papers where it has no rule yet."""
    if RegistrationRule.objects.exists():
        return
    RegistrationRule.objects.create(reminder_days=[60, 30, 7], is_sample=True)
    RequiredPaper.objects.bulk_create(
        RequiredPaper(name=name, position=position) for position, name in enumerate(FIRST_PAPERS, start=1)
    )
