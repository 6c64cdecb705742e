from django.urls import path

from matching.afterwards.views import days, group, office, own

urlpatterns = [
    # A supporter's own
    path("office/guild/own/activity/", own.own_activity, name="own_activity"),
    path("office/guild/own/activity/<int:pk>/tell/", own.tell_day, name="tell_day"),
    path("office/guild/own/activity/<int:pk>/feedback/", own.own_feedback, name="own_feedback"),
    path("office/guild/own/activity/days/<int:pk>/take-back/", own.take_back_day, name="take_back_day"),
    path(
        "office/guild/own/activity/<int:supporter>/certificate/<int:fiscal_year>/",
        own.own_certificate,
        name="own_certificate",
    ),
    # A group's
    path("office/group/<int:number>/activity/", group.group_activity, name="group_activity"),
    path("office/group/<int:number>/activity/days/<int:pk>/confirm/", group.confirm_day, name="confirm_day"),
    path("office/group/<int:number>/activity/<int:pk>/complete/", group.complete_activity, name="complete_activity"),
    path("office/group/<int:number>/activity/<int:pk>/miss/", group.miss_activity, name="miss_activity"),
    path("office/group/<int:number>/activity/<int:pk>/feedback/", group.group_feedback, name="group_feedback"),
    # The staff's
    path("office/guild/matches/<int:pk>/days/new/", days.day_of_match, name="day_of_match"),
    path("office/guild/days/<int:pk>/", days.day_edit, name="day_edit"),
    path("office/guild/days/<int:pk>/confirm/", days.day_confirm, name="day_confirm"),
    path("office/guild/days/<int:pk>/remove/", days.day_remove, name="day_remove"),
    path("office/guild/supporters/<int:pk>/activity/", days.supporter_activity, name="supporter_activity"),
    path(
        "office/guild/supporters/<int:pk>/certificate/<int:fiscal_year>/",
        days.supporter_certificate,
        name="supporter_certificate",
    ),
    path("office/guild/concerns/", office.concern_list, name="concerns"),
    path("office/guild/feedback/", office.feedback_list, name="feedback_list"),
    path("office/guild/statistics/", office.guild_statistics, name="guild_statistics"),
    path("office/guild/statistics/rows/", office.guild_statistics_rows, name="guild_statistics_rows"),
    path("office/guild/statistics.xlsx", office.guild_statistics_xlsx, name="guild_statistics_xlsx"),
]
