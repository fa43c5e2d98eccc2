"""厂商工作台. Each page shows the asker's own organisation; what belongs to another gives 404."""

from django.urls import path

from lms.manuals.editor.views import (
    boxes,
    films,
    library,
    manuals,
    people,
    previews,
    products,
    subtitles,
    videos,
    writing,
)
from lms.manuals.exchange import views as exchange
from lms.manuals.exchange.originals import views as originals

app_name = "workbench"
urlpatterns = [
    path("", products.home, name="home"),
    path("products/new/", products.new_product, name="new_product"),
    path("products/<int:pk>/", products.edit_product, name="product"),
    path("products/<int:pk>/remove/", products.remove, name="remove_product"),
    path("products/<int:pk>/start/", products.start, name="start"),
    path("pictures/", library.library, name="library"),
    path("pictures/<uuid:key>/", products.picture, name="picture"),
    path("people/", people.people, name="people"),
    path("bring-in/", exchange.bring_in, name="bring_in"),
    path("originals/new/", originals.new_original, name="new_original"),
    path("originals/<uuid:key>/", originals.original_page, name="original"),
    path("originals/<uuid:key>/page-<int:number>.jpg", originals.page_image, name="original_leaf"),
    path("manuals/<int:pk>/package.zip", exchange.take_out, name="take_out"),
    path(
        "manuals/<int:pk>/package.omanual",
        exchange.take_out,
        {"kind": "omanual"},
        name="take_out_omanual",
    ),
    path("manuals/<int:pk>/", manuals.manual_page, name="manual"),
    path("manuals/<int:pk>/open/", manuals.open_again, name="open"),
    path("manuals/<int:pk>/hand-in/", manuals.hand_in, name="hand_in"),
    path("manuals/<int:pk>/keep-word/", manuals.keep_a_word, name="keep_word"),
    path("manuals/<int:pk>/take-back/", manuals.take_back, name="take_back"),
    path("manuals/<int:pk>/discard/", manuals.discard, name="discard"),
    path("manuals/<int:pk>/write/", writing.write, name="write"),
    path("manuals/<int:pk>/box/", boxes.box_page, name="box"),
    path("manuals/<int:pk>/box/<int:side_mm>mm.svg", boxes.box_svg, name="box_svg"),
    path(
        "manuals/<int:pk>/box/<int:side_mm>mm-<int:resolution>dpi.png",
        boxes.box_png,
        name="box_png",
    ),
    path("manuals/<int:pk>/film/", films.film_page, name="film"),
    path("manuals/<int:pk>/video/", videos.video_page, name="video"),
    path("manuals/<int:pk>/video/subtitles/", subtitles.subtitles_page, name="subtitles"),
    path("manuals/<int:pk>/preview/", previews.preview, name="preview"),
    path("manuals/<int:pk>/preview/<slug:screen>/", previews.screen, name="preview_screen"),
]
