"""厂商工作台. Every page starts from the asker's organisation; what is another's is not there."""

from django.urls import path

from lms.manuals.views import desk, exchange, handing_in, previews, products, videos

app_name = "workbench"
urlpatterns = [
    path("", products.home, name="home"),
    path("products/new/", products.new_product, name="new_product"),
    path("products/<int:pk>/", products.edit_product, name="product"),
    path("products/<int:pk>/remove/", products.remove, name="remove_product"),
    path("products/<int:pk>/start/", products.start, name="start"),
    path("pictures/<uuid:key>/", products.picture, name="picture"),
    path("bring-in/", exchange.bring_in, name="bring_in"),
    path("manuals/<int:pk>/package.zip", exchange.take_out, name="take_out"),
    path("manuals/<int:pk>/", handing_in.manual_page, name="manual"),
    path("manuals/<int:pk>/open/", handing_in.open_again, name="open"),
    path("manuals/<int:pk>/hand-in/", handing_in.hand_in, name="hand_in"),
    path("manuals/<int:pk>/take-back/", handing_in.take_back, name="take_back"),
    path("manuals/<int:pk>/discard/", handing_in.discard, name="discard"),
    path("manuals/<int:pk>/write/", desk.write, name="write"),
    path("manuals/<int:pk>/video/", videos.video_page, name="video"),
    path("manuals/<int:pk>/preview/", previews.preview, name="preview"),
    path("manuals/<int:pk>/preview/<slug:screen>/", previews.screen, name="preview_screen"),
]
