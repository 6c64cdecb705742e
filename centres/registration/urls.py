from django.urls import path

from centres.registration.views import office, own, public, register, settling

app_name = "registration"
urlpatterns = [
    # A group that is not registered yet
    path("registration/", public.guide, name="guide"),
    path("registration/apply/", public.apply, name="apply"),
    path("registration/applications/<str:token>/", public.application, name="application"),
    path("registration/applications/<str:token>/confirm/", public.confirm, name="confirm"),
    path("registration/applications/<str:token>/correct/", public.correct, name="correct"),
    path("registration/applications/<str:token>/withdraw/", public.withdraw, name="withdraw"),
    path("registration/applications/<str:token>/certificate.pdf", public.certificate, name="certificate"),
    # The staff's work on applications
    path("office/registration/", office.application_list, name="application_list"),
    path("office/registration/new/", office.application_new, name="application_new"),
    path("office/registration/<int:pk>/", office.application_detail, name="application_detail"),
    path("office/registration/<int:pk>/review/", office.begin_review, name="begin_review"),
    path("office/registration/<int:pk>/send-back/", office.send_back, name="send_back"),
    path("office/registration/<int:pk>/correct/", office.correct, name="office_correct"),
    path("office/registration/<int:pk>/approve/", office.approve, name="approve"),
    path("office/registration/<int:pk>/publish/", office.publish, name="publish"),
    path("office/registration/<int:pk>/refuse/", office.refuse, name="refuse"),
    path("office/registration/<int:pk>/withdraw/", office.withdraw, name="office_withdraw"),
    # The register of groups
    path("office/registration/groups/", register.group_list, name="group_list"),
    path("office/registration/groups/duplicates/", register.duplicates, name="duplicates"),
    path("office/registration/groups/<int:number>/", register.group, name="group"),
    path("office/registration/groups/<int:number>/renew/", register.renew, name="office_renew"),
    path("office/registration/groups/<int:number>/hand-over/", register.hand_over, name="office_hand_over"),
    path("office/registration/groups/<int:number>/suspend/", register.suspend, name="suspend"),
    path("office/registration/groups/<int:number>/resume/", register.resume, name="resume"),
    path("office/registration/groups/<int:number>/dissolve/", register.dissolve, name="dissolve"),
    path("office/registration/groups/<int:number>/certificate.pdf", register.certificate, name="office_certificate"),
    path("office/registration/groups/<int:number>/merge/", register.merge, name="merge"),
    # The municipality's own rule
    path("office/registration/rule/", settling.rule, name="rule"),
    path("office/registration/rule/edit/", settling.edit_rule, name="edit_rule"),
    path("office/registration/rule/fields/", settling.edit_fields, name="edit_fields"),
    path("office/registration/rule/<str:what>/new/", settling.add_asked, name="add_asked"),
    path("office/registration/rule/<str:what>/<int:pk>/", settling.edit_asked, name="edit_asked"),
    path("office/registration/rule/<str:what>/<int:pk>/delete/", settling.drop_asked, name="drop_asked"),
    # A group's own pages
    path("office/group/", own.own_groups, name="own_groups"),
    path("office/group/<int:number>/", own.own_group, name="own_group"),
    path("office/group/<int:number>/edit/", own.edit, name="own_edit"),
    path("office/group/<int:number>/confirm/", own.confirm, name="own_confirm"),
    path("office/group/<int:number>/renew/", own.renew, name="own_renew"),
    path("office/group/<int:number>/hand-over/", own.hand_over, name="own_hand_over"),
    path("office/group/<int:number>/certificate.pdf", own.certificate, name="own_certificate"),
]
