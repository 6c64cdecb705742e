"""The access table: who may reach what.

One line for each named address of the portal. Whoever adds an address adds its line; without it the suite fails.

    "app:name": At(RULE, get=200, post=405, make=a_thing),

RULE   what the view declares with `@allow`: who passes. All others are refused in the one way that the rule means:
       sent to sign in, 404 where the municipality is not theirs, 403 where their role may not.
get    what those who pass see: a status, or several where it depends on the person. 200 if left out.
post   the same for a POST without data. 405 if left out: the address takes none.
make   for an address with more than the municipality in it: a function that makes the record and returns the
       address's arguments. It runs acting as a municipality, and must bear being run in two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.utils import timezone

from centres.events.rules import EVENTS, SETTLE_EVENTS
from centres.information.models import Case, CasePhoto, Grant, News, Permission
from centres.information.rules import WRITES_INFORMATION
from centres.models import (
    Consultation,
    ConsultationContact,
    ConsultationEntry,
    Group,
    GroupKind,
    Referral,
    ReferralKind,
)
from centres.monthly.models import MonthlyReport
from centres.monthly.rules import CLOSES as CLOSES_MONTHLY
from centres.monthly.rules import MAKES as MAKES_MONTHLY
from centres.monthly.rules import READS as READS_MONTHLY
from centres.monthly.snapshot import build_snapshot
from centres.registration.models import Application, ApplicationKind, ApplicationState, RequiredPaper
from centres.registration.rules import KEEPS_OWN_GROUP, KEEPS_REGISTER
from centres.registration.tokens import token_of as token_of_application
from centres.rooms.models import BookedBand, Booking, Closure, Draw, Equipment, Loan, Room, RoomBand, Use
from centres.rooms.rules import BOOKS_ROOMS, KEEPS_ROOMS
from centres.rules import CONSULTATIONS, KEEPS_DIRECTORY, SETTLE_RULES
from civic.accounts.models import Invitation, Membership, Role, User
from civic.accounts.rules import ANY_MEMBER, MANAGE_MEMBERS, OPERATOR, PUBLIC, SIGNED_IN, Rule
from civic.accounts.tokens import token_of
from civic.audit.views import READ_TRAIL
from civic.jobs import services as jobs
from civic.jobs.models import Job, JobFile
from civic.tenancy.context import current_municipality
from civic.uploads.models import UploadedContent, UploadedFile
from indicators.models import Break, Closing, Commitment, Indicator
from matching.models import (
    HelpRequest,
    Proposal,
    ProposalLine,
    QueueEntry,
    QueueKind,
    RequestStatus,
    Supporter,
)
from matching.rules import ASKS_FOR_HELP, KEEPS_GUILD, KEEPS_HELP, KEEPS_OWN_HELP
from plans.models import (
    AnnualReport,
    Evaluation,
    Plan,
    PlanImport,
    PlanIndicator,
    PlanItem,
    PlanLevel,
    ProgressReport,
    Relisting,
    ReportCorrection,
    ReportingYear,
    ReportPdf,
)
from plans.rules import (
    COLLECTS_PROGRESS,
    EDITS_PLANS,
    EVALUATES,
    KEEPS_FIGURES,
    MAKES_REPORTS,
    READS_DRAFTS,
    READS_EVIDENCE,
    READS_PROGRESS,
    REPORTS_PROGRESS,
)
from tests.access import events, guild, introductions
from tests.jobs import kinds  # noqa: F401  declares the kinds of work that are started here
from tests.uploads.purposes import POSTERS

Status = int | tuple[int, ...]
Arguments = dict[str, Any]


@dataclass(frozen=True)
class At:
    """What happens at one address; see the top of this file."""

    rule: Rule
    get: Status = 200
    post: Status = 405
    make: Callable[[], Arguments] = dict
    names_record: bool = True  # False where the argument is one of a few words that mean the same everywhere


PUBLISHED = {"is_published": True, "published_at": timezone.now()}


def someone() -> User:
    return User.objects.create_user(f"{uuid4()}@example.jp")


def a_member() -> Arguments:
    member = Membership.objects.create(user=someone(), municipality=current_municipality(), role=Role.SUPPORTER)
    return {"pk": member.pk}


def an_invitation() -> Arguments:
    return {"pk": Invitation.objects.create(email=f"{uuid4()}@example.jp", role=Role.STAFF).pk}


def an_invitations_link() -> Arguments:
    return {"token": token_of(Invitation.objects.get(pk=an_invitation()["pk"]))}


def somebodys_passkey() -> Arguments:
    return {"pk": Authenticator.objects.create(user=someone(), type=Authenticator.Type.WEBAUTHN, data={}).pk}


def a_spent_key() -> Arguments:
    return {"uidb36": "1", "key": "spent-key"}


def a_spent_confirmation() -> Arguments:
    return {"key": "spent-key"}


def a_group() -> Arguments:
    number = uuid4().int % 10**9
    Group.objects.create(number=number, name="ある会", kind=GroupKind.CIVIC, is_published=True)
    return {"number": number}


def a_council() -> Arguments:
    council = a_group()
    Group.objects.filter(**council).update(kind=GroupKind.COUNCIL)
    return council


def a_consultation() -> Arguments:
    return {"pk": Consultation.objects.create(summary="ある相談").pk}


def a_contact() -> Arguments:
    consultation = a_consultation()
    ConsultationContact.objects.create(consultation_id=consultation["pk"], name="ある人")
    return consultation


def an_entry() -> Arguments:
    entry = ConsultationEntry.objects.create(consultation_id=a_consultation()["pk"], said="ある話")
    return {"pk": entry.pk}


def a_referral() -> Arguments:
    referral = Referral.objects.create(consultation_id=a_consultation()["pk"], kind=ReferralKind.GUILD)
    return {"pk": referral.pk}


def a_room() -> Arguments:
    room, is_new = Room.objects.get_or_create(name="ある部屋")
    if is_new:
        RoomBand.objects.create(room=room, name="午前", starts=time(9), ends=time(12))
    return {"room": room.pk}


def a_booking() -> Arguments:
    """Of no group."""
    room = Room.objects.get(pk=a_room()["room"])
    day = timezone.localdate() + timedelta(days=Booking.objects.count())
    booking = Booking.objects.create(room=room, day=day, purpose="会議", people=3)
    band = room.bands.get()
    BookedBand.objects.create(booking=booking, room=room, band=band, day=booking.day, is_held=True)
    return {"pk": booking.pk}


def a_use() -> Arguments:
    return {"pk": Use.objects.create(room_id=a_room()["room"], people=3).pk}


def a_month_of_a_room() -> Arguments:
    return a_room() | {"year": 2020, "month": 4}


def a_draw() -> Arguments:
    draw, _is_new = Draw.objects.get_or_create(room_id=a_room()["room"], month=date(2020, 5, 1), seed="0")
    return {"pk": draw.pk}


def a_closure() -> Arguments:
    today = timezone.localdate()
    return {"pk": Closure.objects.create(first_day=today, last_day=today, reason="工事").pk}


def a_band() -> Arguments:
    """Of a room of its own, never booked."""
    room = Room.objects.create(name=str(uuid4()))
    return {"pk": RoomBand.objects.create(room=room, name="午前", starts=time(9), ends=time(12)).pk}


def some_equipment() -> Arguments:
    return {"pk": Equipment.objects.create(name=str(uuid4()), quantity=3, lent=1).pk}


def a_loan() -> Arguments:
    loan = Loan.objects.create(equipment_id=some_equipment()["pk"], due_on=timezone.localdate())
    return {"pk": loan.pk}


def a_closed_month() -> Arguments:
    """A month's report as it was handed to the city."""
    october, now = date(2025, 10, 1), timezone.now()
    if not MonthlyReport.objects.filter(month=october).exists():
        snapshot = build_snapshot(october, words="", made_on=now.date(), progress=lambda _percent, _words: None)
        MonthlyReport.objects.create(
            month=october, snapshot=snapshot, pdf=b"%PDF", made_at=now, closed_at=now, closed_by=someone()
        )
    return {"year": 2025, "month": 10}


def a_groups_match() -> Arguments:
    return a_group() | introductions.a_match()


def a_groups_day() -> Arguments:
    return {**a_group(), **introductions.a_day()}


def a_partner_wanted() -> Arguments:
    return a_group() | {"wanted": a_help_request()["number"]}


def a_help_request() -> Arguments:
    group = Group.objects.get(number=a_group()["number"])
    asked = HelpRequest.objects.create(
        group=group,
        title="ある募集",
        what="手伝い",
        when="土曜日",
        where="公民館",
        people_needed=1,
        status=RequestStatus.OPEN,
    )
    return {"number": asked.pk}


def a_candidate() -> Arguments:
    return a_help_request() | {"supporter": Supporter.objects.create(nickname="かもめ").pk}


def a_partner() -> Arguments:
    asked = a_help_request()
    number = 900 + Group.objects.count()
    Group.objects.create(number=number, name="相手", kind=GroupKind.CIVIC, is_published=True, seeks_partners=True)
    return asked | {"group": number}


def a_proposal() -> Arguments:
    Proposal.objects.filter(sent_at=None).update(discarded_at=timezone.now())
    return {"pk": Proposal.objects.create(score=0, bound=0).pk}


def a_proposal_line() -> Arguments:
    asked, supporter = a_help_request()["number"], Supporter.objects.create(nickname="かもめ")
    line = ProposalLine(proposal_id=a_proposal()["pk"], request_id=asked, supporter=supporter, score=0)
    line.save()
    return {"pk": line.pk}


def a_queue_entry() -> Arguments:
    asked = HelpRequest.objects.get(pk=a_help_request()["number"])
    entry = QueueEntry.objects.create(kind=QueueKind.FIND_PEOPLE, request=asked, due_at=timezone.now())
    return {"number": entry.pk}


def a_municipality() -> Arguments:
    return {"slug": current_municipality().slug}


def somebodys_job() -> Arguments:
    """Work that only a manager sees besides whoever asked for it."""
    planner = Membership.objects.create(user=someone(), municipality=current_municipality(), role=Role.PLANNER)
    return {"number": jobs.start("tests.letter", {"text": ""}, requested_by=planner).pk}


def somebodys_file() -> Arguments:
    job = somebodys_job()
    JobFile.objects.create(
        job=Job.objects.get(pk=job["number"]),
        filename="letter.txt",
        content_type="text/plain",
        content=b"",
        size=0,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return job


def a_public_file() -> Arguments:
    """Those that are not for everybody are in tests/uploads."""
    file = UploadedFile.objects.create(purpose=POSTERS.name, filename="a.png", content_type="image/png", size=0)
    UploadedContent.objects.create(file=file, content=b"")
    return {"pk": file.pk}


def some_news() -> Arguments:
    return {"pk": News.objects.create(title="あるお知らせ", **PUBLISHED).pk}


def a_grant() -> Arguments:
    return {"pk": Grant.objects.create(title="ある助成金", giver="city", **PUBLISHED).pk}


def a_case() -> Arguments:
    return {"pk": Case.objects.create(title="ある事例", **PUBLISHED).pk}


def a_photo() -> Arguments:
    file = UploadedFile.objects.get(pk=a_public_file()["pk"])
    case = Case.objects.get(pk=a_case()["pk"])
    return {"pk": CasePhoto.objects.create(case=case, file=file, alt="花", permission=Permission.NOBODY).pk}


def news_to_write() -> Arguments:
    """The same views write grants and cases."""
    return {"kind": "news"} | some_news()


def a_plan() -> Arguments:
    plan, _is_new = Plan.objects.get_or_create(
        slug="access",
        defaults={"title": "計画", "status": Plan.Status.IN_FORCE, "first_fiscal_year": 2024, "last_fiscal_year": 2028},
    )
    return {"plan": plan.slug}


def a_plan_item() -> Arguments:
    plan = Plan.objects.get(slug=a_plan()["plan"])
    level, _is_new = PlanLevel.objects.get_or_create(plan=plan, depth=1, defaults={"name": "方針"})
    PlanItem.objects.get_or_create(plan=plan, key="1", defaults={"level": level, "position": 1, "title": "項目"})
    return {"plan": plan.slug, "key": "1"}


A_SNAPSHOT: dict[str, Any] = {
    "schema": 1,
    "fiscal_year": 2024,
    "fiscal_year_label": "令和6年度（2024年度）",
    "made_on": "2025-05-01",
    "is_sample": False,
    "plan": {"slug": "access", "title": "計画", "schedule_years": [], "nodes": [], "kpis": []},
    "kpis": [],
    "centre": [],
    "scheduled": [],
}


def an_indicator() -> Arguments:
    plan = Plan.objects.get(slug=a_plan()["plan"])
    indicator, _is_new = Indicator.objects.get_or_create(
        key="access", defaults={"name": "相談", "unit": "件", "measure": "centres.consultations", "measured_from": 2024}
    )
    if not plan.indicators.exists():
        commitment = Commitment.objects.create(indicator=indicator, name="相談", formula="level")
        PlanIndicator.objects.create(plan=plan, commitment=commitment, position=1, key="access")
    return {"plan": plan.slug, "key": "access"}


def a_changed_indicator() -> Arguments:
    arguments = an_indicator()
    Break.objects.get_or_create(indicator=Indicator.objects.get(key="access"), fiscal_year=2025)
    return arguments | {"fiscal_year": 2025}


def a_year() -> Arguments:
    return a_plan() | {"fiscal_year": 2024}


def a_figure() -> Arguments:
    return an_indicator() | {"fiscal_year": 2024}


def a_closed_figure() -> Arguments:
    arguments = a_figure()
    Closing.objects.get_or_create(
        indicator=Indicator.objects.get(key="access"), fiscal_year=2024, defaults={"closed_at": timezone.now()}
    )
    return arguments


def a_draft_plan() -> Arguments:
    plan, _is_new = Plan.objects.get_or_create(
        slug="access-draft", defaults={"title": "計画の案", "first_fiscal_year": 2029, "last_fiscal_year": 2033}
    )
    return {"plan": plan.slug}


def a_draft_item() -> Arguments:
    plan = Plan.objects.get(slug=a_draft_plan()["plan"])
    level, _is_new = PlanLevel.objects.get_or_create(plan=plan, depth=1, defaults={"name": "方針"})
    PlanItem.objects.get_or_create(plan=plan, key="1", defaults={"level": level, "position": 1, "title": "項目"})
    return {"plan": plan.slug, "key": "1"}


def a_retired_item() -> Arguments:
    plan = a_draft_item()["plan"]
    retired = {"retired_on": timezone.localdate(), "retired_reason": "終わった"}
    PlanItem.objects.filter(plan__slug=plan, key="1").update(**retired)
    return {"plan": plan, "key": "1"}


def a_relisting() -> Arguments:
    item = PlanItem.objects.get(plan__slug=a_draft_item()["plan"], key="1")
    Relisting.objects.get_or_create(
        plan=item.plan, item=item, parent=item, key="again", defaults={"title": "再び", "position": 1}
    )
    return {"plan": item.plan.slug, "key": "again"}


def an_import_of_somebody() -> Arguments:
    plan = Plan.objects.get(slug=a_draft_plan()["plan"])
    PlanImport.objects.create(plan=plan, filename="plan.xlsx", document={}, based_on="0" * 64, read_by=someone())
    return {"plan": plan.slug}


def a_report(status: AnnualReport.Status) -> Arguments:
    plan = Plan.objects.get(slug=a_plan()["plan"])
    report, _is_new = AnnualReport.objects.get_or_create(
        plan=plan,
        fiscal_year=2024,
        defaults={
            "status": status,
            "snapshot": A_SNAPSHOT,
            "sha256": "0" * 64,
            "frozen_at": timezone.now(),
            "published_at": timezone.now(),
        },
    )
    ReportPdf.objects.get_or_create(report=report, defaults={"content": b"%PDF", "pages": 1})
    return {"plan": plan.slug, "fiscal_year": report.fiscal_year}


def a_frozen_report() -> Arguments:
    return a_report(AnnualReport.Status.FROZEN)


def a_published_report() -> Arguments:
    return a_report(AnnualReport.Status.PUBLISHED)


def a_reporting_year() -> Arguments:
    plan = Plan.objects.get(slug=a_plan_item()["plan"])
    ReportingYear.objects.get_or_create(plan=plan, fiscal_year=2024, defaults={"due_on": timezone.localdate()})
    return {"plan": plan.slug, "fiscal_year": 2024}


def a_progress_report() -> Arguments:
    """Of an item that no department answers for: no officer's own."""
    year = ReportingYear.objects.get(plan__slug=a_reporting_year()["plan"])
    ProgressReport.objects.get_or_create(year=year, item=year.plan.items.get(key="1"))
    return {"plan": year.plan.slug, "fiscal_year": year.fiscal_year, "key": "1"}


def an_evaluation() -> Arguments:
    arguments = a_reporting_year()
    year = ReportingYear.objects.get(plan__slug=arguments["plan"])
    evaluation = Evaluation.objects.create(year=year, kind="self", text="評価", met_on=timezone.localdate())
    return arguments | {"pk": evaluation.pk}


def a_published_edition() -> Arguments:
    return a_published_report() | {"edition": 1}


def a_correction() -> Arguments:
    found = a_published_report()
    correction, _is_new = ReportCorrection.objects.get_or_create(
        report=AnnualReport.objects.get(fiscal_year=found["fiscal_year"]),
        place="item:1",
        field="title",
        defaults={
            "label": "項目",
            "old": "前",
            "new": "後",
            "reason": "誤り",
            "made_on": timezone.localdate(),
            "made_by": someone(),
        },
    )
    return found | {"pk": correction.pk}


def an_application() -> Application:
    return Application.objects.create(
        kind=ApplicationKind.NEW,
        state=ApplicationState.RECEIVED,
        representative_name="ある人",
        email="someone@example.jp",
        answers={"name": "ある会", "kind": GroupKind.CIVIC, "purpose": "ある目的", "activity_fields": [3]},
    )


def an_applications_number() -> Arguments:
    return {"pk": an_application().pk}


def a_required_paper() -> Arguments:
    return {"what": "papers", "pk": RequiredPaper.objects.create(name=str(uuid4())).pk}


def an_applications_link() -> Arguments:
    return {"token": token_of_application(an_application())}


TABLE = {
    # Registration: what a group without an account sees, the staff's work, a group's own pages
    "registration:guide": At(PUBLIC),
    "registration:apply": At(PUBLIC, post=400),
    "registration:application": At(PUBLIC, make=an_applications_link),
    "registration:confirm": At(PUBLIC, get=405, post=302, make=an_applications_link),
    # Nothing was sent back.
    "registration:correct": At(PUBLIC, get=302, post=302, make=an_applications_link),
    "registration:withdraw": At(PUBLIC, post=302, make=an_applications_link),
    "registration:certificate": At(PUBLIC, get=404, make=an_applications_link),
    "registration:application_list": At(KEEPS_REGISTER),
    "registration:application_new": At(KEEPS_REGISTER, post=400),
    "registration:application_detail": At(KEEPS_REGISTER, make=an_applications_number),
    "registration:begin_review": At(KEEPS_REGISTER, get=405, post=302, make=an_applications_number),
    "registration:send_back": At(KEEPS_REGISTER, post=400, make=an_applications_number),
    "registration:office_correct": At(KEEPS_REGISTER, post=400, make=an_applications_number),
    "registration:approve": At(KEEPS_REGISTER, get=405, post=302, make=an_applications_number),
    "registration:publish": At(KEEPS_REGISTER, get=405, post=302, make=an_applications_number),
    "registration:refuse": At(KEEPS_REGISTER, post=400, make=an_applications_number),
    "registration:office_withdraw": At(KEEPS_REGISTER, post=302, make=an_applications_number),
    "registration:group_list": At(KEEPS_REGISTER),
    "registration:group": At(KEEPS_REGISTER, make=a_group),
    "registration:office_renew": At(KEEPS_REGISTER, post=400, make=a_group),
    "registration:office_hand_over": At(KEEPS_REGISTER, post=400, make=a_group),
    "registration:suspend": At(KEEPS_REGISTER, post=400, make=a_group),
    "registration:resume": At(KEEPS_REGISTER, post=400, make=a_group),
    "registration:dissolve": At(KEEPS_REGISTER, post=400, make=a_group),
    "registration:office_certificate": At(KEEPS_REGISTER, get=404, make=a_group),
    "registration:merge": At(KEEPS_REGISTER, post=400, make=a_group),
    "registration:duplicates": At(KEEPS_REGISTER),
    "registration:rule": At(SETTLE_RULES),
    "registration:edit_rule": At(SETTLE_RULES, post=400),
    "registration:edit_fields": At(SETTLE_RULES, post=400),
    "registration:add_asked": At(SETTLE_RULES, post=400, make=lambda: {"what": "papers"}, names_record=False),
    "registration:edit_asked": At(SETTLE_RULES, post=400, make=a_required_paper),
    "registration:drop_asked": At(SETTLE_RULES, post=302, make=a_required_paper),
    "registration:own_groups": At(KEEPS_OWN_GROUP),
    # Those who pass here represent no group: another's is not there.
    "registration:own_group": At(KEEPS_OWN_GROUP, get=404, make=a_group),
    "registration:own_edit": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_group),
    "registration:own_confirm": At(KEEPS_OWN_GROUP, get=405, post=404, make=a_group),
    "registration:own_renew": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_group),
    "registration:own_hand_over": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_group),
    "registration:own_certificate": At(KEEPS_OWN_GROUP, get=404, make=a_group),
    # The portal's own pages
    "municipality_list": At(PUBLIC),
    "compare": At(PUBLIC),
    "healthz": At(PUBLIC),
    "readyz": At(PUBLIC),
    "home": At(PUBLIC),
    "accessibility": At(PUBLIC),
    "privacy": At(PUBLIC),
    # One's account
    "account_home": At(SIGNED_IN, post=200),
    "account_start": At(SIGNED_IN, get=(200, 302)),
    "account_second_factor": At(SIGNED_IN, get=(200, 302)),
    "account_login": At(PUBLIC, get=(200, 302), post=(200, 302)),
    "account_logout": At(PUBLIC, get=(200, 302), post=302),
    "account_inactive": At(PUBLIC),
    "account_reauthenticate": At(SIGNED_IN, post=200),
    # Asks for the password again first.
    "account_change_email": At(SIGNED_IN, get=302, post=302),
    "account_confirm_email": At(PUBLIC, post=404, make=a_spent_confirmation),
    "account_change_password": At(SIGNED_IN, post=200),
    "account_reset_password": At(PUBLIC, post=200),
    "account_reset_password_done": At(PUBLIC),
    "account_reset_password_from_key": At(PUBLIC, post=200, make=a_spent_key),
    "account_reset_password_from_key_done": At(PUBLIC),
    "mfa_index": At(SIGNED_IN),
    "mfa_authenticate": At(PUBLIC, get=302, post=302),
    "mfa_reauthenticate": At(SIGNED_IN, get=(200, 302), post=(200, 302)),
    # Each of these asks for the password again first.
    "mfa_activate_totp": At(SIGNED_IN, get=302, post=302),
    "mfa_deactivate_totp": At(SIGNED_IN, get=(302, 404), post=(302, 404)),
    "mfa_view_recovery_codes": At(SIGNED_IN, get=404),
    "mfa_generate_recovery_codes": At(SIGNED_IN, get=302, post=302),
    "mfa_download_recovery_codes": At(SIGNED_IN, get=404, post=404),
    "mfa_list_webauthn": At(SIGNED_IN),
    "mfa_add_webauthn": At(SIGNED_IN, get=302, post=302),
    "mfa_login_webauthn": At(PUBLIC, get=302, post=302),
    "mfa_reauthenticate_webauthn": At(SIGNED_IN, get=(200, 302), post=302),
    "mfa_edit_webauthn": At(SIGNED_IN, get=302, post=302, make=somebodys_passkey),
    "mfa_remove_webauthn": At(SIGNED_IN, get=302, post=302, make=somebodys_passkey),
    # Those signed in are told that it is another's.
    "invitation_accept": At(PUBLIC, get=(200, 403), post=(200, 403), make=an_invitations_link),
    # The operator's
    "operator_home": At(OPERATOR),
    "operator_add_municipality": At(OPERATOR, post=200),
    "operator_edit_municipality": At(OPERATOR, post=200, make=a_municipality),
    "operator_invite_manager": At(OPERATOR, post=200, make=a_municipality),
    # The centre's public pages
    "centres:group_list": At(PUBLIC),
    "centres:group_detail": At(PUBLIC, make=a_group),
    "centres:district_list": At(PUBLIC),
    "centres:group_feed": At(PUBLIC),
    "centres:guide_pdf": At(PUBLIC, get=404),
    "centres:open_data": At(PUBLIC),
    "centres:groups_csv": At(PUBLIC),
    "centres:groups_json": At(PUBLIC),
    # Rooms; whoever represents no group books nothing and sees nobody's booking.
    # The months' reports
    "monthly:report_list": At(READS_MONTHLY),
    "monthly:report": At(READS_MONTHLY, make=a_closed_month),
    "monthly:make": At(MAKES_MONTHLY, get=405, post=400),
    "monthly:words": At(MAKES_MONTHLY, get=302, post=302, make=a_closed_month),
    "monthly:close": At(CLOSES_MONTHLY, get=302, post=302, make=a_closed_month),
    "monthly:correct": At(CLOSES_MONTHLY, post=400, make=a_closed_month),
    "monthly:correct_drop": At(CLOSES_MONTHLY, get=302, post=302, make=a_closed_month),
    "monthly:report_pdf": At(READS_MONTHLY, make=a_closed_month),
    "monthly:report_xlsx": At(READS_MONTHLY, make=a_closed_month),
    # Rooms; a group's member who is tied to no group may not pass.
    "rooms:calendar": At(PUBLIC),
    "rooms:office_calendar": At(BOOKS_ROOMS),
    "rooms:booking_list": At(BOOKS_ROOMS),
    "rooms:booking_new": At(BOOKS_ROOMS, get=(200, 403), post=(400, 403), make=a_room),
    "rooms:booking_detail": At(BOOKS_ROOMS, get=(200, 404), make=a_booking),
    "rooms:booking_give_back": At(BOOKS_ROOMS, get=(200, 404), post=(302, 404), make=a_booking),
    "rooms:booking_cancel": At(KEEPS_ROOMS, post=400, make=a_booking),
    "rooms:count_booking": At(KEEPS_ROOMS, get=405, post=302, make=a_booking),
    "rooms:booking_repeat": At(BOOKS_ROOMS, get=(200, 403), post=(400, 403), make=a_room),
    "rooms:closure_list": At(KEEPS_ROOMS),
    "rooms:closure_new": At(KEEPS_ROOMS, post=400),
    "rooms:closure_delete": At(KEEPS_ROOMS, post=302, make=a_closure),
    "rooms:draw_list": At(KEEPS_ROOMS),
    "rooms:draw_detail": At(KEEPS_ROOMS, make=a_draw),
    "rooms:draw_hold": At(KEEPS_ROOMS, post=302, make=a_month_of_a_room),
    "rooms:equipment_list": At(KEEPS_ROOMS),
    "rooms:equipment_new": At(KEEPS_ROOMS, post=400),
    "rooms:equipment_edit": At(KEEPS_ROOMS, post=400, make=some_equipment),
    "rooms:loan_new": At(KEEPS_ROOMS, post=400, make=some_equipment),
    "rooms:loan_back": At(KEEPS_ROOMS, get=405, post=302, make=a_loan),
    "rooms:room_list": At(SETTLE_RULES),
    "rooms:room_new": At(SETTLE_RULES, post=400),
    "rooms:room_edit": At(SETTLE_RULES, post=400, make=a_room),
    "rooms:band_new": At(SETTLE_RULES, post=400, make=a_room),
    "rooms:band_edit": At(SETTLE_RULES, post=400, make=a_band),
    "rooms:band_delete": At(SETTLE_RULES, post=302, make=a_band),
    "rooms:counter": At(KEEPS_ROOMS, post=400),
    "rooms:use_statistics": At(KEEPS_ROOMS),
    "rooms:use_list": At(KEEPS_ROOMS),
    "rooms:use_correct": At(KEEPS_ROOMS, post=400, make=a_use),
    "rooms:use_delete": At(KEEPS_ROOMS, post=302, make=a_use),
    # The office
    "office_home": At(ANY_MEMBER),
    "member_list": At(MANAGE_MEMBERS),
    "member_invite": At(MANAGE_MEMBERS, post=200),
    "member_change_role": At(MANAGE_MEMBERS, post=200, make=a_member),
    "member_end": At(MANAGE_MEMBERS, post=302, make=a_member),
    "invitation_resend": At(MANAGE_MEMBERS, get=405, post=302, make=an_invitation),
    "invitation_revoke": At(MANAGE_MEMBERS, get=405, post=302, make=an_invitation),
    "centres:office_group_list": At(KEEPS_DIRECTORY),
    "centres:office_group_new": At(KEEPS_DIRECTORY, post=400),
    "centres:guide": At(KEEPS_DIRECTORY, post=302),
    "centres:group_files": At(KEEPS_DIRECTORY, post=400),
    "centres:group_export": At(KEEPS_DIRECTORY, get=405, post=404),
    # One sees one's own file only.
    "centres:group_import_check": At(KEEPS_DIRECTORY, get=404, post=404),
    "centres:group_import_discard": At(KEEPS_DIRECTORY, get=405, post=404),
    "centres:office_group_detail": At(KEEPS_DIRECTORY, make=a_group),
    "centres:group_area": At(KEEPS_DIRECTORY, post=400, make=a_council),
    "centres:office_group_edit": At(KEEPS_DIRECTORY, post=400, make=a_group),
    "centres:consultation_list": At(CONSULTATIONS),
    "centres:consultation_new": At(CONSULTATIONS, post=400),
    "centres:draft_save": At(CONSULTATIONS, get=405, post=200),
    "centres:draft_discard": At(CONSULTATIONS, get=405, post=302),
    "centres:consultation_statistics": At(CONSULTATIONS),
    "centres:consultation_statistics_xlsx": At(CONSULTATIONS),
    "centres:consultation_detail": At(CONSULTATIONS, make=a_consultation),
    "centres:consultation_edit": At(CONSULTATIONS, post=400, make=a_consultation),
    "centres:follow_up_list": At(CONSULTATIONS),
    "centres:follow_up_done": At(CONSULTATIONS, get=405, post=302, make=a_consultation),
    "centres:follow_up_postpone": At(CONSULTATIONS, post=400, make=a_consultation),
    "centres:contact_open": At(CONSULTATIONS, post=400, make=a_contact),
    "centres:entry_add": At(CONSULTATIONS, get=405, post=400, make=a_consultation),
    "centres:entry_edit": At(CONSULTATIONS, post=400, make=an_entry),
    "centres:entry_delete": At(CONSULTATIONS, post=302, make=an_entry),
    "centres:referral_new": At(CONSULTATIONS, post=400, make=a_consultation),
    "centres:referral_delete": At(CONSULTATIONS, post=302, make=a_referral),
    "centres:contact_edit": At(CONSULTATIONS, post=302, make=a_consultation),
    "centres:retention": At(SETTLE_RULES, post=400),
    "audit:change_list": At(READ_TRAIL),
    "audit:viewing_list": At(READ_TRAIL),
    "jobs:job_list": At(ANY_MEMBER),
    "jobs:job_detail": At(ANY_MEMBER, get=(200, 403), make=somebodys_job),
    "jobs:job_file": At(ANY_MEMBER, get=(200, 403), make=somebodys_file),
    "jobs:job_retry": At(ANY_MEMBER, get=405, post=(302, 403), make=somebodys_job),
    "jobs:job_again": At(ANY_MEMBER, get=405, post=(302, 403), make=somebodys_job),
    "uploads:file": At(PUBLIC, make=a_public_file),
    # News, grants and cases
    "information:news_list": At(PUBLIC),
    "information:news_feed": At(PUBLIC),
    "information:news_detail": At(PUBLIC, make=some_news),
    "information:grant_list": At(PUBLIC),
    "information:grant_feed": At(PUBLIC),
    "information:grant_detail": At(PUBLIC, make=a_grant),
    "information:case_list": At(PUBLIC),
    "information:case_feed": At(PUBLIC),
    "information:case_detail": At(PUBLIC, make=a_case),
    "information:news_office": At(WRITES_INFORMATION),
    "information:news_new": At(WRITES_INFORMATION, post=400),
    "information:grants_office": At(WRITES_INFORMATION),
    "information:grants_new": At(WRITES_INFORMATION, post=400),
    "information:cases_office": At(WRITES_INFORMATION),
    "information:cases_new": At(WRITES_INFORMATION, post=400),
    "information:entry_detail": At(WRITES_INFORMATION, make=news_to_write),
    "information:entry_edit": At(WRITES_INFORMATION, post=400, make=news_to_write),
    "information:entry_publish": At(WRITES_INFORMATION, get=405, post=302, make=news_to_write),
    "information:entry_withdraw": At(WRITES_INFORMATION, get=405, post=302, make=news_to_write),
    "information:entry_delete": At(WRITES_INFORMATION, post=(302, 404), make=news_to_write),
    "information:photo_new": At(WRITES_INFORMATION, post=400, make=a_case),
    "information:photo_edit": At(WRITES_INFORMATION, post=400, make=a_photo),
    "information:photo_delete": At(WRITES_INFORMATION, post=(302, 404), make=a_photo),
    # The guild
    "matching:guild": At(PUBLIC),
    "matching:request_detail": At(PUBLIC, make=a_help_request),
    "matching:candidates": At(KEEPS_GUILD, make=a_help_request),
    "matching:left_out": At(KEEPS_GUILD, make=a_help_request),
    "matching:ask_supporter": At(KEEPS_GUILD, get=405, post=302, make=a_candidate),
    "matching:ask_partner": At(KEEPS_GUILD, get=405, post=302, make=a_partner),
    "matching:proposal": At(KEEPS_GUILD),
    "matching:proposal_make": At(KEEPS_GUILD, get=405, post=302),
    "matching:proposal_line": At(KEEPS_GUILD, get=405, post=302, make=a_proposal_line),
    "matching:proposal_send": At(KEEPS_GUILD, post=302, make=a_proposal),
    "matching:proposal_discard": At(KEEPS_GUILD, post=(302, 404), make=a_proposal),
    "matching:queue": At(KEEPS_GUILD),
    "matching:queue_next": At(KEEPS_GUILD, get=405, post=302),
    "matching:queue_entry": At(KEEPS_GUILD, make=a_queue_entry),
    "matching:queue_take": At(KEEPS_GUILD, get=405, post=302, make=a_queue_entry),
    "matching:queue_finish": At(KEEPS_GUILD, get=405, post=400, make=a_queue_entry),
    "matching:queue_give_back": At(KEEPS_GUILD, get=405, post=302, make=a_queue_entry),
    "matching:answer": At(PUBLIC, post=400, make=introductions.an_answers_link),
    "matching:own_matches": At(KEEPS_OWN_HELP),
    # Those who pass here are in no guild, and represent no group: another's match is not there.
    "matching:own_match": At(KEEPS_OWN_HELP, get=404, make=introductions.a_match),
    "matching:own_match_answer": At(KEEPS_OWN_HELP, get=405, post=404, make=introductions.a_match),
    "matching:own_match_cancel": At(KEEPS_OWN_HELP, get=404, post=404, make=introductions.a_match),
    "matching:own_match_contact": At(KEEPS_OWN_HELP, get=404, make=introductions.a_match),
    # Whoever has not joined is led to where one joins.
    "matching:apply": At(KEEPS_OWN_HELP, get=302, post=302, make=a_help_request),
    "matching:group_matches": At(KEEPS_OWN_GROUP, get=404, make=a_group),
    "matching:group_match": At(KEEPS_OWN_GROUP, get=404, make=a_groups_match),
    "matching:group_match_answer": At(KEEPS_OWN_GROUP, get=405, post=404, make=a_groups_match),
    "matching:group_match_cancel": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_groups_match),
    "matching:group_match_contact": At(KEEPS_OWN_GROUP, get=404, make=a_groups_match),
    "matching:partner": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_partner_wanted),
    "matching:match_list": At(KEEPS_GUILD),
    "matching:match": At(KEEPS_GUILD, make=introductions.a_match),
    "matching:match_step": At(KEEPS_GUILD, get=405, post=302, make=introductions.a_match),
    "matching:match_cancel": At(KEEPS_GUILD, post=400, make=introductions.a_match),
    "matching:match_call": At(KEEPS_GUILD, make=introductions.a_side_to_call),
    "matching:request_matches": At(KEEPS_GUILD, make=a_help_request),
    "matching:supporter_matches": At(KEEPS_GUILD, make=guild.a_supporter),
    "matching:letter": At(KEEPS_GUILD, make=introductions.a_letter),
    "matching:letter_send_again": At(KEEPS_GUILD, get=405, post=302, make=introductions.a_letter),
    "matching:letter_told": At(KEEPS_GUILD, get=405, post=302, make=introductions.a_letter),
    "matching:own_activity": At(KEEPS_OWN_HELP),
    "matching:tell_day": At(KEEPS_OWN_HELP, get=404, post=404, make=introductions.a_match),
    "matching:own_feedback": At(KEEPS_OWN_HELP, get=404, post=404, make=introductions.a_match),
    "matching:take_back_day": At(KEEPS_OWN_HELP, get=404, post=404, make=introductions.a_day),
    "matching:own_certificate": At(KEEPS_OWN_HELP, get=405, post=404, make=introductions.a_supporters_year),
    "matching:group_activity": At(KEEPS_OWN_GROUP, get=404, make=a_group),
    "matching:confirm_day": At(KEEPS_OWN_GROUP, get=405, post=404, make=a_groups_day),
    "matching:complete_activity": At(KEEPS_OWN_GROUP, get=405, post=404, make=a_groups_match),
    "matching:miss_activity": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_groups_match),
    "matching:group_feedback": At(KEEPS_OWN_GROUP, get=404, post=404, make=a_groups_match),
    "matching:day_of_match": At(KEEPS_GUILD, post=400, make=introductions.a_match),
    "matching:day_edit": At(KEEPS_GUILD, post=400, make=introductions.a_day),
    "matching:day_confirm": At(KEEPS_GUILD, get=405, post=302, make=introductions.a_day),
    "matching:day_remove": At(KEEPS_GUILD, post=302, make=introductions.a_day),
    "matching:supporter_activity": At(KEEPS_GUILD, make=guild.a_supporter),
    "matching:supporter_certificate": At(KEEPS_GUILD, get=405, post=302, make=guild.a_supporter_and_this_year),
    "matching:concerns": At(KEEPS_GUILD),
    "matching:feedback_list": At(KEEPS_GUILD),
    "matching:guild_statistics": At(KEEPS_GUILD),
    "matching:guild_statistics_rows": At(KEEPS_GUILD),
    "matching:guild_statistics_xlsx": At(KEEPS_GUILD),
    "matching:join": At(PUBLIC, post=400),
    "matching:join_confirm": At(PUBLIC, post=302, make=guild.a_joiners_link),
    "matching:own_help": At(KEEPS_OWN_HELP),
    "matching:supporter_list": At(KEEPS_GUILD),
    "matching:supporter_new": At(KEEPS_GUILD, post=400),
    # Staff pass, others have no record of their own here.
    "matching:supporter_detail": At(KEEPS_HELP, get=(200, 404), make=guild.a_supporter),
    "matching:supporter_edit": At(KEEPS_HELP, get=(200, 404), post=(400, 404), make=guild.a_supporter),
    "matching:supporter_contact": At(KEEPS_HELP, get=(200, 404), post=(400, 404), make=guild.a_supporter),
    "matching:supporter_contact_open": At(KEEPS_GUILD, post=400, make=guild.a_supporter),
    "matching:supporter_consents": At(KEEPS_HELP, get=(200, 404), post=(302, 404), make=guild.a_supporter),
    "matching:supporter_time_add": At(KEEPS_HELP, get=(200, 404), post=(400, 404), make=guild.a_supporter),
    "matching:supporter_time_remove": At(KEEPS_HELP, get=(200, 404), post=(302, 404), make=guild.a_time),
    "matching:supporter_away_add": At(KEEPS_HELP, get=(200, 404), post=(400, 404), make=guild.a_supporter),
    "matching:supporter_away_remove": At(KEEPS_HELP, get=(200, 404), post=(302, 404), make=guild.an_absence),
    "matching:supporter_pause": At(KEEPS_HELP, get=(200, 404), post=(302, 404), make=guild.a_supporter),
    "matching:supporter_come_back": At(KEEPS_HELP, get=405, post=(302, 404), make=guild.a_supporter),
    "matching:supporter_leave": At(KEEPS_HELP, get=(200, 404), post=(400, 404), make=guild.a_supporter),
    "matching:request_list": At(ASKS_FOR_HELP),
    # Staff pass; others represent no group here.
    "matching:request_new": At(ASKS_FOR_HELP, get=(200, 403), post=(400, 403)),
    "matching:office_request": At(ASKS_FOR_HELP, get=(200, 404), make=a_help_request),
    "matching:request_edit": At(ASKS_FOR_HELP, get=(200, 404), post=(400, 404), make=a_help_request),
    "matching:request_copy": At(ASKS_FOR_HELP, get=405, post=(302, 404), make=a_help_request),
    "matching:request_shift_add": At(ASKS_FOR_HELP, get=(200, 404), post=(400, 404), make=a_help_request),
    "matching:request_shift_series": At(ASKS_FOR_HELP, get=(200, 404), post=(400, 404), make=a_help_request),
    "matching:request_shift_edit": At(ASKS_FOR_HELP, get=(200, 404), post=(400, 404), make=guild.a_shift),
    "matching:request_shift_remove": At(ASKS_FOR_HELP, get=(200, 404), post=(302, 404), make=guild.a_shift),
    "matching:request_submit": At(ASKS_FOR_HELP, get=405, post=(302, 404), make=a_help_request),
    "matching:request_open": At(KEEPS_GUILD, get=405, post=302, make=a_help_request),
    "matching:request_send_back": At(KEEPS_GUILD, post=400, make=a_help_request),
    "matching:request_cancel": At(ASKS_FOR_HELP, get=(200, 404), post=(400, 404), make=a_help_request),
    "matching:skill_list": At(SETTLE_RULES),
    "matching:skill_new": At(SETTLE_RULES, post=400),
    "matching:skill_edit": At(SETTLE_RULES, post=400, make=guild.a_skill),
    "matching:guild_rule": At(SETTLE_RULES, post=400),
    # Plans and their annual reports
    "plans:plan_list": At(PUBLIC),
    "plans:plan_detail": At(PUBLIC, make=a_plan),
    "plans:item_detail": At(PUBLIC, make=a_plan_item),
    "plans:indicator_detail": At(PUBLIC, make=an_indicator),
    "plans:report_detail": At(PUBLIC, make=a_published_report),
    "plans:report_pdf": At(PUBLIC, make=a_published_report),
    "plans:report_csv": At(PUBLIC, make=a_published_report),
    "plans:report_json": At(PUBLIC, make=a_published_report),
    "plans:report_edition": At(PUBLIC, make=a_published_edition),
    "plans:report_edition_pdf": At(PUBLIC, make=a_published_edition),
    "plans:office_plan_list": At(READS_DRAFTS),
    "plans:office_plan_detail": At(READS_DRAFTS, make=a_plan),
    "plans:report_list": At(READS_DRAFTS, make=a_plan),
    "plans:make_report": At(MAKES_REPORTS, get=405, post=400, make=a_plan),
    "plans:office_report_detail": At(READS_DRAFTS, make=a_frozen_report),
    "plans:office_report_pdf": At(READS_DRAFTS, make=a_frozen_report),
    "plans:office_report_csv": At(READS_DRAFTS, make=a_frozen_report),
    "plans:office_report_json": At(READS_DRAFTS, make=a_frozen_report),
    "plans:publish_report": At(MAKES_REPORTS, post=302, make=a_frozen_report),
    "plans:unfreeze_report": At(MAKES_REPORTS, post=400, make=a_frozen_report),
    "plans:correct_report": At(MAKES_REPORTS, post=200, make=a_published_report),
    "plans:withdraw_correction": At(MAKES_REPORTS, get=405, post=302, make=a_correction),
    "plans:make_corrected_edition": At(MAKES_REPORTS, get=405, post=302, make=a_published_report),
    # Events
    "events:event_list": At(PUBLIC),
    "events:calendar": At(PUBLIC),
    "events:feed": At(PUBLIC),
    "events:events_csv": At(PUBLIC),
    "events:event_detail": At(PUBLIC, make=events.a_public_event),
    "events:event_calendar": At(PUBLIC, make=events.a_public_event),
    "events:book": At(PUBLIC, post=400, make=events.a_public_event),
    "events:own_booking": At(PUBLIC, make=events.a_bookings_link),
    "events:give_up": At(PUBLIC, post=302, make=events.a_bookings_link),
    "events:survey": At(PUBLIC, post=400, make=events.a_surveys_link),
    "events:survey_thanks": At(PUBLIC, make=events.a_surveys_link),
    "events:office_event_list": At(EVENTS),
    "events:event_new": At(EVENTS, post=400),
    "events:retention": At(SETTLE_EVENTS, post=400),
    "events:office_event_detail": At(EVENTS, make=events.an_event),
    "events:event_edit": At(EVENTS, post=400, make=events.an_event),
    "events:event_delete": At(EVENTS, post=302, make=events.a_draft_event),
    "events:publish": At(EVENTS, get=405, post=302, make=events.a_draft_event),
    "events:withdraw": At(EVENTS, get=405, post=302, make=events.an_event),
    "events:call_off": At(EVENTS, post=400, make=events.an_event),
    "events:session_new": At(EVENTS, post=400, make=events.an_event),
    "events:session_move": At(EVENTS, post=400, make=events.a_session),
    "events:session_remove": At(EVENTS, post=302, make=events.a_session),
    "events:participant_list": At(EVENTS, make=events.an_event),
    "events:booking_new": At(EVENTS, post=400, make=events.an_event),
    "events:booking_detail": At(EVENTS, make=events.a_booking),
    "events:contact_edit": At(EVENTS, post=400, make=events.a_booking),
    "events:booking_give_up": At(EVENTS, post=302, make=events.a_booking),
    "events:attendance": At(EVENTS, post=400, make=events.a_session),
    "events:tick": At(EVENTS, get=405, post=302, make=events.a_booking_of_a_session),
    "events:survey_sheet": At(EVENTS, make=events.an_event),
    "events:survey_entry": At(EVENTS, post=400, make=events.an_event),
    "events:survey_results": At(EVENTS, make=events.an_event),
    "events:introduction_new": At(EVENTS, post=400, make=events.an_event),
    "events:introduction_remove": At(EVENTS, post=302, make=events.an_introduction),
    # The plan's year
    "plans:progress_home": At(READS_PROGRESS),
    "plans:open_year": At(COLLECTS_PROGRESS, post=400, make=a_plan),
    "plans:rating_scheme": At(COLLECTS_PROGRESS, post=400, make=a_plan),
    "plans:year_board": At(COLLECTS_PROGRESS, make=a_reporting_year),
    "plans:ask_departments": At(COLLECTS_PROGRESS, get=405, post=302, make=a_reporting_year),
    "plans:close_year": At(COLLECTS_PROGRESS, get=405, post=400, make=a_reporting_year),
    "plans:reopen_year": At(COLLECTS_PROGRESS, post=400, make=a_reporting_year),
    "plans:own_reports": At(REPORTS_PROGRESS, make=a_reporting_year),
    "plans:submit_reports": At(REPORTS_PROGRESS, get=405, post=302, make=a_reporting_year),
    "plans:save_report": At(REPORTS_PROGRESS, get=405, post=403, make=a_progress_report),
    "plans:review_queue": At(COLLECTS_PROGRESS, post=400, make=a_reporting_year),
    "plans:progress_report": At(READS_PROGRESS, get=(200, 403), make=a_progress_report),
    "plans:accept_report": At(COLLECTS_PROGRESS, get=405, post=302, make=a_progress_report),
    "plans:send_back_report": At(COLLECTS_PROGRESS, get=405, post=400, make=a_progress_report),
    "plans:standings": At(COLLECTS_PROGRESS, make=a_reporting_year),
    "plans:set_standing": At(COLLECTS_PROGRESS, post=400, make=a_progress_report),
    "plans:evaluation_list": At(EVALUATES, make=a_reporting_year),
    "plans:record_evaluation": At(EVALUATES, post=400, make=a_reporting_year),
    "plans:change_evaluation": At(EVALUATES, post=400, make=an_evaluation),
    "plans:delete_evaluation": At(EVALUATES, post=302, make=an_evaluation),
    # The figures of a plan's KPIs
    "plans:define_indicator": At(KEEPS_FIGURES, post=400, make=an_indicator),
    "plans:record_break": At(KEEPS_FIGURES, get=405, post=400, make=an_indicator),
    "plans:remove_break": At(KEEPS_FIGURES, get=405, post=302, make=a_changed_indicator),
    "plans:latest_figures": At(READS_DRAFTS, get=302, make=a_plan),
    "plans:figure_table": At(READS_DRAFTS, make=a_year),
    "plans:enter_figures": At(KEEPS_FIGURES, get=405, post=302, make=a_year),
    "plans:close_figures": At(KEEPS_FIGURES, get=405, post=302, make=a_year),
    "plans:reopen_figures": At(KEEPS_FIGURES, post=400, make=a_year),
    "plans:figure_template": At(KEEPS_FIGURES, make=a_year),
    "plans:import_figures": At(KEEPS_FIGURES, post=400, make=a_year),
    "plans:figure_rows": At(READS_EVIDENCE, make=a_figure),
    "plans:correct_figure": At(KEEPS_FIGURES, post=400, make=a_closed_figure),
    # Changing plans
    "plans:edit": At(EDITS_PLANS, make=a_plan),
    "plans:add_item": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:edit_about": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:edit_levels": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:edit_lists": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:edit_texts": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:edit_kpis": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:edit_terms": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:shift": At(EDITS_PLANS, get=405, post=400, make=a_draft_item),
    "plans:edit_item": At(EDITS_PLANS, post=400, make=a_draft_item),
    # Without data it stays at the outermost level, where it is.
    "plans:move_item": At(EDITS_PLANS, post=302, make=a_draft_item),
    "plans:retire_item": At(EDITS_PLANS, post=400, make=a_draft_item),
    "plans:restore_item": At(EDITS_PLANS, get=405, post=302, make=a_retired_item),
    "plans:split_item": At(EDITS_PLANS, post=400, make=a_draft_item),
    "plans:merge_items": At(EDITS_PLANS, post=400, make=a_draft_item),
    "plans:relist": At(EDITS_PLANS, post=400, make=a_draft_item),
    "plans:edit_relisting": At(EDITS_PLANS, post=400, make=a_relisting),
    "plans:remove_relisting": At(EDITS_PLANS, get=405, post=302, make=a_relisting),
    "plans:copy_plan": At(EDITS_PLANS, post=400, make=a_plan),
    "plans:change_status": At(EDITS_PLANS, post=400, make=a_draft_plan),
    "plans:revision_list": At(READS_DRAFTS, make=a_plan),
    "plans:start_revision": At(EDITS_PLANS, post=400, make=a_plan),
    "plans:finish_revision": At(EDITS_PLANS, get=405, post=302, make=a_plan),
    "plans:compare_revisions": At(READS_DRAFTS, make=a_plan),
    "plans:export_workbook": At(READS_DRAFTS, make=a_plan),
    "plans:export_items": At(READS_DRAFTS, make=a_plan),
    "plans:import_file": At(EDITS_PLANS, post=400, make=a_draft_plan),
    # One sees one's own file only.
    "plans:import_check": At(EDITS_PLANS, get=404, post=404, make=an_import_of_somebody),
    "plans:discard_import": At(EDITS_PLANS, get=405, post=404, make=an_import_of_somebody),
}
