from django.urls import path
from django.urls.resolvers import URLPattern

from matching.supporters.views import joining, records, settling

urlpatterns: list[URLPattern] = [
    # Joining
    path("guild/join/", joining.join, name="join"),
    path("office/guild/supporters/new/", joining.supporter_new, name="supporter_new"),
    # A supporter's record, one's own or the staff's
    path("office/guild/own/", records.own_help, name="own_help"),
    path("office/guild/supporters/", records.supporter_list, name="supporter_list"),
    path("office/guild/supporters/<int:pk>/", records.supporter_detail, name="supporter_detail"),
    path("office/guild/supporters/<int:pk>/edit/", records.supporter_edit, name="supporter_edit"),
    path("office/guild/supporters/<int:pk>/contact/", records.supporter_contact, name="supporter_contact"),
    path(
        "office/guild/supporters/<int:pk>/contact/open/", records.supporter_contact_open, name="supporter_contact_open"
    ),
    path("office/guild/supporters/<int:pk>/times/add/", records.supporter_time_add, name="supporter_time_add"),
    path(
        "office/guild/supporters/<int:pk>/times/<int:time>/remove/",
        records.supporter_time_remove,
        name="supporter_time_remove",
    ),
    path("office/guild/supporters/<int:pk>/away/add/", records.supporter_away_add, name="supporter_away_add"),
    path(
        "office/guild/supporters/<int:pk>/away/<int:away>/remove/",
        records.supporter_away_remove,
        name="supporter_away_remove",
    ),
    path("office/guild/supporters/<int:pk>/pause/", records.supporter_pause, name="supporter_pause"),
    path("office/guild/supporters/<int:pk>/come-back/", records.supporter_come_back, name="supporter_come_back"),
    # The municipality's own
    path("office/guild/skills/", settling.skill_list, name="skill_list"),
    path("office/guild/skills/new/", settling.skill_new, name="skill_new"),
    path("office/guild/skills/<int:pk>/", settling.skill_edit, name="skill_edit"),
    path("office/guild/skills/rule/", settling.edit_rule, name="guild_rule"),
]
