"""存到手机: the worker, what a phone keeps of a lesson, and what it hands over."""

from django.urls import path

from lms.offline.views import exchange, pages, worker

app_name = "offline"
urlpatterns = [
    path("worker.js", worker.service_worker, name="worker"),
    path("kept/", pages.kept, name="kept"),
    path("kept/away/", pages.away, name="away"),
    path("kept/lessons/<int:pk>.json", exchange.book, name="book"),
    path("kept/learnt/", exchange.learnt, name="learnt"),
    path("kept/news.json", exchange.news, name="news"),
]
