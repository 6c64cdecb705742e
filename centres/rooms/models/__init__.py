"""The records of a centre's rooms, by subject."""

from centres.rooms.models.booking import TRANSITIONS, BookedBand, Booking, BookingStatus, Draw, RoomNotice
from centres.rooms.models.room import Closure, Room, RoomBand
from centres.rooms.models.use import Equipment, Loan, Use

__all__ = [
    "TRANSITIONS",
    "BookedBand",
    "Booking",
    "BookingStatus",
    "Closure",
    "Draw",
    "Equipment",
    "Loan",
    "Room",
    "RoomBand",
    "RoomNotice",
    "Use",
]
