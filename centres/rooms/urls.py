from django.urls import path

from centres.rooms.views import bookings, closures, counter, draws, equipment, public, repeating, setting_up, uses

app_name = "rooms"
urlpatterns = [
    path("rooms/", public.calendar, name="calendar"),
    path("office/rooms/", bookings.office_calendar, name="office_calendar"),
    path("office/rooms/<int:room>/book/", bookings.booking_new, name="booking_new"),
    path("office/rooms/<int:room>/repeat/", repeating.booking_repeat, name="booking_repeat"),
    path("office/rooms/bookings/", bookings.booking_list, name="booking_list"),
    path("office/rooms/bookings/<int:pk>/", bookings.booking_detail, name="booking_detail"),
    path("office/rooms/bookings/<int:pk>/give-back/", bookings.booking_give_back, name="booking_give_back"),
    path("office/rooms/bookings/<int:pk>/cancel/", bookings.booking_cancel, name="booking_cancel"),
    path("office/rooms/bookings/<int:pk>/count/", counter.count_booking, name="count_booking"),
    path("office/rooms/counter/", counter.counter, name="counter"),
    path("office/rooms/statistics/", uses.use_statistics, name="use_statistics"),
    path("office/rooms/uses/", uses.use_list, name="use_list"),
    path("office/rooms/uses/<int:pk>/", uses.use_correct, name="use_correct"),
    path("office/rooms/uses/<int:pk>/delete/", uses.use_delete, name="use_delete"),
    path("office/rooms/closures/", closures.closure_list, name="closure_list"),
    path("office/rooms/closures/new/", closures.closure_new, name="closure_new"),
    path("office/rooms/closures/<int:pk>/delete/", closures.closure_delete, name="closure_delete"),
    path("office/rooms/draws/", draws.draw_list, name="draw_list"),
    path("office/rooms/draws/<int:pk>/", draws.draw_detail, name="draw_detail"),
    path("office/rooms/<int:room>/draws/<int:year>/<int:month>/", draws.draw_hold, name="draw_hold"),
    path("office/rooms/equipment/", equipment.equipment_list, name="equipment_list"),
    path("office/rooms/equipment/new/", equipment.equipment_new, name="equipment_new"),
    path("office/rooms/equipment/<int:pk>/", equipment.equipment_edit, name="equipment_edit"),
    path("office/rooms/equipment/<int:pk>/lend/", equipment.loan_new, name="loan_new"),
    path("office/rooms/loans/<int:pk>/back/", equipment.loan_back, name="loan_back"),
    path("office/rooms/setting-up/", setting_up.room_list, name="room_list"),
    path("office/rooms/setting-up/new/", setting_up.room_new, name="room_new"),
    path("office/rooms/setting-up/<int:room>/", setting_up.room_edit, name="room_edit"),
    path("office/rooms/setting-up/<int:room>/bands/", setting_up.band_new, name="band_new"),
    path("office/rooms/bands/<int:pk>/", setting_up.band_edit, name="band_edit"),
    path("office/rooms/bands/<int:pk>/delete/", setting_up.band_delete, name="band_delete"),
]
