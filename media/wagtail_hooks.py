from wagtail import hooks

from media.narration_viewset import NarrationViewSet
from media.viewsets import VideoChooserViewSet, VideoViewSet


@hooks.register("register_admin_viewset")
def register_video_viewsets() -> list[object]:
    return [VideoViewSet(), VideoChooserViewSet(), NarrationViewSet()]
