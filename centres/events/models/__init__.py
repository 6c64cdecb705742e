"""Events and courses: when and where, who comes, what they thought, and who met whom."""

from centres.events.models.booking import (
    PEOPLE_AT_MOST,
    Attendance,
    Booking,
    BookingContact,
    BookingNotice,
    BookingSource,
    BookingStatus,
    ParticipantRetention,
)
from centres.events.models.event import INTRODUCING, TRANSITIONS, Event, EventKind, EventSession, EventStatus
from centres.events.models.introduction import Introduction
from centres.events.models.survey import AnswerWay, HeardFrom, Satisfaction, SurveyAnswer

__all__ = [
    "INTRODUCING",
    "PEOPLE_AT_MOST",
    "TRANSITIONS",
    "AnswerWay",
    "Attendance",
    "Booking",
    "BookingContact",
    "BookingNotice",
    "BookingSource",
    "BookingStatus",
    "Event",
    "EventKind",
    "EventSession",
    "EventStatus",
    "HeardFrom",
    "Introduction",
    "ParticipantRetention",
    "Satisfaction",
    "SurveyAnswer",
]
