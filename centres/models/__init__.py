"""The records of a centre, by subject."""

from centres.models.centre import Centre, CentreFunction, HolidayRule
from centres.models.consultation import (
    AskerKind,
    Consultation,
    ConsultationCategory,
    ConsultationContact,
    ConsultationDraft,
    ConsultationEntry,
    ConsultationInCategory,
    Method,
    Referral,
    ReferralKind,
    RetentionRule,
)
from centres.models.figure import PublishedFigure
from centres.models.group import (
    ActivityField,
    CouncilProfile,
    District,
    Group,
    GroupDistrict,
    GroupField,
    GroupKind,
    Seeking,
    StandingChange,
)
from centres.models.group_import import GroupImport
from centres.models.guidebook import Guidebook
from centres.models.standing import Entitlement, GroupStanding, standings_with

__all__ = [
    "ActivityField",
    "AskerKind",
    "Centre",
    "CentreFunction",
    "Consultation",
    "ConsultationCategory",
    "ConsultationContact",
    "ConsultationDraft",
    "ConsultationEntry",
    "ConsultationInCategory",
    "CouncilProfile",
    "District",
    "Entitlement",
    "Group",
    "GroupDistrict",
    "GroupField",
    "GroupImport",
    "GroupKind",
    "GroupStanding",
    "Guidebook",
    "HolidayRule",
    "Method",
    "PublishedFigure",
    "Referral",
    "ReferralKind",
    "RetentionRule",
    "Seeking",
    "StandingChange",
    "standings_with",
]
