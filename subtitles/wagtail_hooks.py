from wagtail import hooks

from subtitles.viewsets import TrackViewSet


@hooks.register("register_admin_viewset")
def register_track_viewset() -> TrackViewSet:
    return TrackViewSet()
