from django.urls import path

from matching.introductions.views import answers, candidates, group, office, own, proposals, queue

urlpatterns = [
    # What needs a hand, and who could help
    path("office/guild/queue/", queue.queue_list, name="queue"),
    path("office/guild/queue/next/", queue.queue_next, name="queue_next"),
    path("office/guild/queue/<int:number>/", queue.queue_entry, name="queue_entry"),
    path("office/guild/queue/<int:number>/take/", queue.queue_take, name="queue_take"),
    path("office/guild/queue/<int:number>/finish/", queue.queue_finish, name="queue_finish"),
    path("office/guild/queue/<int:number>/give-back/", queue.queue_give_back, name="queue_give_back"),
    path("office/guild/requests/<int:number>/candidates/", candidates.candidate_list, name="candidates"),
    path("office/guild/requests/<int:number>/left-out/", candidates.left_out_list, name="left_out"),
    path("office/guild/requests/<int:number>/ask/<int:supporter>/", candidates.ask_supporter, name="ask_supporter"),
    path("office/guild/requests/<int:number>/ask-group/<int:group>/", candidates.ask_partner, name="ask_partner"),
    path("office/guild/proposal/", proposals.proposal, name="proposal"),
    path("office/guild/proposal/make/", proposals.proposal_make, name="proposal_make"),
    path("office/guild/proposal/lines/<int:pk>/", proposals.proposal_line, name="proposal_line"),
    path("office/guild/proposal/<int:pk>/send/", proposals.proposal_send, name="proposal_send"),
    path("office/guild/proposal/<int:pk>/discard/", proposals.proposal_discard, name="proposal_discard"),
    # Anybody with the link of a letter
    path("guild/answers/<str:token>/", answers.answer, name="answer"),
    # A supporter's own
    path("office/guild/own/matches/", own.own_matches, name="own_matches"),
    path("office/guild/own/matches/<int:pk>/", own.own_match, name="own_match"),
    path("office/guild/own/matches/<int:pk>/answer/", own.own_match_answer, name="own_match_answer"),
    path("office/guild/own/matches/<int:pk>/cancel/", own.own_match_cancel, name="own_match_cancel"),
    path("office/guild/own/matches/<int:pk>/contact/", own.own_match_contact, name="own_match_contact"),
    path("office/guild/own/apply/<int:number>/", own.apply, name="apply"),
    # A group's
    path("office/group/<int:number>/matches/", group.group_matches, name="group_matches"),
    path("office/group/<int:number>/matches/<int:pk>/", group.group_match, name="group_match"),
    path("office/group/<int:number>/matches/<int:pk>/answer/", group.group_match_answer, name="group_match_answer"),
    path("office/group/<int:number>/matches/<int:pk>/cancel/", group.group_match_cancel, name="group_match_cancel"),
    path("office/group/<int:number>/matches/<int:pk>/contact/", group.group_match_contact, name="group_match_contact"),
    path("office/group/<int:number>/partner/<int:wanted>/", group.partner, name="partner"),
    # The staff's
    path("office/guild/matches/", office.match_list, name="match_list"),
    path("office/guild/matches/<int:pk>/", office.match, name="match"),
    path("office/guild/matches/<int:pk>/step/", office.match_step, name="match_step"),
    path("office/guild/matches/<int:pk>/cancel/", office.match_cancel, name="match_cancel"),
    path("office/guild/matches/<int:pk>/call/<str:side>/", office.match_call, name="match_call"),
    path("office/guild/requests/<int:number>/matches/", office.request_matches, name="request_matches"),
    path("office/guild/supporters/<int:pk>/matches/", office.supporter_matches, name="supporter_matches"),
    path("office/guild/letters/<int:pk>/", office.letter, name="letter"),
    path("office/guild/letters/<int:pk>/send-again/", office.letter_send_again, name="letter_send_again"),
    path("office/guild/letters/<int:pk>/told/", office.letter_told, name="letter_told"),
]
