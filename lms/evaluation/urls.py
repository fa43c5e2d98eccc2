"""The five faces, cases and open figures; under evaluation/ what is for those who work here."""

from django.urls import path

from lms.evaluation.views import cases, faces, figures, paper, reading, results

app_name = "evaluation"
urlpatterns = [
    path("faces/", faces.faces_page, name="faces"),
    path("faces/<str:code>/", faces.faces_page, name="faces_of"),
    path("cases/", reading.cases, name="public_cases"),
    path("cases/<int:pk>/", reading.case, name="public_case"),
    path("open-data/", reading.open_data, name="open_data"),
    path("open-data/<int:year>-<int:edition>-<slug:what>.csv", reading.open_file, name="open_file"),
    path("evaluation/", results.home, name="home"),
    path("evaluation/cases/", cases.case_list, name="cases"),
    path("evaluation/cases/new/", cases.new_case, name="new_case"),
    path("evaluation/cases/<int:pk>/", cases.case_page, name="case"),
    path("evaluation/cases/<int:pk>/edit/", cases.edit_case, name="edit_case"),
    path("evaluation/cases/<int:pk>/<slug:act>/", cases.decide, name="decide"),
    path("evaluation/figures/", figures.figures, name="figures"),
    path("evaluation/paper/<int:pk>/take-back/", paper.take_back, name="take_back"),
    path("evaluation/<str:code>/", results.results, name="results"),
    path("evaluation/<str:code>/paper/", paper.paper, name="paper"),
    path("evaluation/<str:code>/sheet/", paper.sheet, name="sheet"),
    path("evaluation/<str:code>/sheet/code.svg", paper.sheet_qr, name="sheet_qr"),
]
