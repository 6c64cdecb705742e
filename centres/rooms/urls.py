from django.urls import path

from centres.rooms.views import bookings, counter, public, uses

app_name = "rooms"
urlpatterns = [
    path("rooms/", public.calendar, name="calendar"),
    path("office/rooms/", bookings.office_calendar, name="office_calendar"),
    path("office/rooms/<int:room>/book/", bookings.booking_new, name="booking_new"),
    path("office/rooms/bookings/", bookings.booking_list, name="booking_list"),
    path("office/rooms/bookings/<int:pk>/", bookings.booking_detail, name="booking_detail"),
    path("office/rooms/bookings/<int:pk>/give-back/", bookings.booking_give_back, name="booking_give_back"),
    path("office/rooms/bookings/<int:pk>/cancel/", bookings.booking_cancel, name="booking_cancel"),
    path("office/rooms/bookings/<int:pk>/count/", counter.count_booking, name="count_booking"),
    path("office/rooms/counter/", counter.counter, name="counter"),
    path("office/rooms/uses/", uses.use_list, name="use_list"),
    path("office/rooms/uses/<int:pk>/", uses.use_correct, name="use_correct"),
    path("office/rooms/uses/<int:pk>/delete/", uses.use_delete, name="use_delete"),
]
