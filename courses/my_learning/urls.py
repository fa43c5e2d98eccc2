from django.urls import path

from courses.my_learning import five_questions, views

app_name = "my"
urlpatterns = [
    path("", views.learning, name="learning"),
    path("number/", views.number, name="number"),
    path("number/card.pdf", views.card, name="card"),
    path("enter/", views.enter, name="enter"),
    path("certificate/<int:pk>/", views.certificate, name="certificate"),
    path("five/<int:pk>/<slug:when>/", five_questions.five_questions, name="five"),
    path("forget/", views.forget_all, name="forget"),
    path("lesson/<int:pk>/opened/", views.opened, name="opened"),
    path("lesson/<int:pk>/unclear/", views.unclear, name="unclear"),
    path("lesson/<int:pk>/read/", views.read, name="read"),
    path("lesson/<int:pk>/seen/", views.seen, name="seen"),
]
