from django.urls import path

from centres.views import cases, contacts, follow_ups, groups, office, public, statistics

app_name = "centres"
urlpatterns = [
    path("groups/", public.group_list, name="group_list"),
    path("groups/<int:number>/", public.group_detail, name="group_detail"),
    path("open-data/", public.open_data, name="open_data"),
    path("open-data/groups.csv", public.groups_csv, name="groups_csv"),
    path("open-data/groups.json", public.groups_json, name="groups_json"),
    path("office/groups/", groups.group_list, name="office_group_list"),
    path("office/groups/new/", groups.group_new, name="office_group_new"),
    path("office/groups/files/", groups.group_files, name="group_files"),
    path("office/groups/files/export/", groups.group_export, name="group_export"),
    path("office/groups/files/check/", groups.group_import_check, name="group_import_check"),
    path("office/groups/files/discard/", groups.group_import_discard, name="group_import_discard"),
    path("office/groups/<int:number>/", groups.group_detail, name="office_group_detail"),
    path("office/groups/<int:number>/edit/", groups.group_edit, name="office_group_edit"),
    path("office/consultations/", office.consultation_list, name="consultation_list"),
    path("office/consultations/new/", office.consultation_new, name="consultation_new"),
    path("office/consultations/new/draft/", office.draft_save, name="draft_save"),
    path("office/consultations/new/discard/", office.draft_discard, name="draft_discard"),
    path("office/consultations/statistics/", statistics.consultation_statistics, name="consultation_statistics"),
    path(
        "office/consultations/statistics.xlsx",
        statistics.consultation_statistics_xlsx,
        name="consultation_statistics_xlsx",
    ),
    path("office/consultations/<int:pk>/", cases.consultation_detail, name="consultation_detail"),
    path("office/consultations/<int:pk>/edit/", office.consultation_edit, name="consultation_edit"),
    path("office/consultations/<int:pk>/entries/", cases.entry_add, name="entry_add"),
    path("office/consultations/entries/<int:pk>/", cases.entry_edit, name="entry_edit"),
    path("office/consultations/entries/<int:pk>/delete/", cases.entry_delete, name="entry_delete"),
    path("office/consultations/<int:pk>/referrals/", cases.referral_new, name="referral_new"),
    path("office/consultations/referrals/<int:pk>/delete/", cases.referral_delete, name="referral_delete"),
    path("office/consultations/<int:pk>/contact/", contacts.contact_open, name="contact_open"),
    path("office/consultations/<int:pk>/contact/edit/", contacts.contact_edit, name="contact_edit"),
    path("office/follow-ups/", follow_ups.follow_up_list, name="follow_up_list"),
    path("office/consultations/<int:pk>/follow-up/done/", follow_ups.follow_up_done, name="follow_up_done"),
    path("office/consultations/<int:pk>/follow-up/", follow_ups.follow_up_postpone, name="follow_up_postpone"),
    path("office/retention/", contacts.retention, name="retention"),
]
