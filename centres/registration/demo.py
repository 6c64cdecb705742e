"""Sample registrations of the sample groups, and applications in each state. All are marked サンプル."""

from datetime import date
from random import Random

from django.utils import timezone

from centres.models import ActivityField, Group, GroupKind, GroupStanding
from centres.registration.models import (
    Application,
    ApplicationKind,
    ApplicationState,
    ApplicationStep,
    Registration,
    Representative,
)
from centres.registration.queries import registration_rule
from centres.standing import register_since_joining
from civic.accounts.models import Role, User
from civic.accounts.queries import members
from civic.calendar import fiscal_year_days, fiscal_year_of

NEW_GROUPS = (
    ("朝つゆのハーモニカ会", "あさつゆのはーもにかかい", ApplicationState.RECEIVED),
    ("紙ふうせん工作クラブ", "かみふうせんこうさくくらぶ", ApplicationState.UNDER_REVIEW),
    ("夕やけ見守り隊", "ゆうやけみまもりたい", ApplicationState.SENT_BACK),
)


def load_demo(random: Random) -> None:
    """Register the sample groups that are not, and add applications, unless there are some. Run inside `acting_as`."""
    today = timezone.localdate()
    groups = list(Group.objects.filter(is_sample=True, standing=GroupStanding.LISTED, registered_on__isnull=False))
    if not groups:
        return
    _register(groups, today)
    for name, kana, state in NEW_GROUPS:
        _apply(random, name, kana, state)
    # The sample account of a group speaks for one.
    representative = members().filter(role=Role.GROUP, user__is_sample=True).select_related("user").first()
    if representative:
        Representative.objects.create(
            group=min(groups, key=lambda group: (group.kind != GroupKind.CIVIC, group.number)),
            name=representative.user.name,
            email=representative.user.email,
            membership=representative,
        )


def _register(groups: list[Group], today: date) -> None:
    """From the day on which each joined, in this fiscal year's registration."""
    first, _last = fiscal_year_days(fiscal_year_of(today))
    valid_until = registration_rule().end_after(today)
    joined = [(group, group.registered_on) for group in groups if group.registered_on]
    Registration.objects.bulk_create(
        Registration(group=group, valid_from=max(first, day), valid_until=valid_until, is_sample=True)
        for group, day in joined
    )
    register_since_joining(groups, by=None)


def _apply(random: Random, name: str, kana: str, state: ApplicationState) -> None:
    application = Application.objects.create(
        kind=ApplicationKind.NEW,
        state=state,
        representative_name="サンプル代表",
        email="applicant@example.jp",
        is_sample=True,
        answers={
            "name": name,
            "name_kana": kana,
            "kind": GroupKind.CIVIC,
            "activity_fields": sorted(random.sample(ActivityField.values, 2)),
            "purpose": "楽しみながら、まちの役に立つ活動をします。",
            "members_count": random.randint(5, 30),
        },
    )
    clerk = User.objects.filter(memberships__in=members().filter(role=Role.STAFF), is_sample=True).first()
    passed = (ApplicationState.RECEIVED, ApplicationState.UNDER_REVIEW, ApplicationState.SENT_BACK)
    ApplicationStep.objects.bulk_create(
        ApplicationStep(
            application=application,
            state=step,
            by=clerk if step != ApplicationState.RECEIVED else None,
            comment="会則の第3条に、会員の決まりを書きたしてください。" if step == ApplicationState.SENT_BACK else "",
        )
        for step in passed[: passed.index(state) + 1]
    )
