from django.urls import path

from matching.introductions.views import candidates, queue

urlpatterns = [
    path("office/guild/queue/", queue.queue_list, name="queue"),
    path("office/guild/queue/next/", queue.queue_next, name="queue_next"),
    path("office/guild/queue/<int:number>/", queue.queue_entry, name="queue_entry"),
    path("office/guild/queue/<int:number>/take/", queue.queue_take, name="queue_take"),
    path("office/guild/queue/<int:number>/finish/", queue.queue_finish, name="queue_finish"),
    path("office/guild/queue/<int:number>/give-back/", queue.queue_give_back, name="queue_give_back"),
    path("office/guild/requests/<int:number>/candidates/", candidates.candidate_list, name="candidates"),
    path("office/guild/requests/<int:number>/left-out/", candidates.left_out_list, name="left_out"),
]
