"""What a centre tells everybody, by subject."""

from centres.information.models.case import Case, CaseGroup, CasePhoto, Permission
from centres.information.models.entry import Entry
from centres.information.models.grant import Grant, GrantGiver
from centres.information.models.news import News

__all__ = ["Case", "CaseGroup", "CasePhoto", "Entry", "Grant", "GrantGiver", "News", "Permission"]
