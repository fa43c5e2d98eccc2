from wagtail import hooks
from wagtail.contrib.settings.registry import register_setting
from wagtail.snippets.models import register_snippet

from subtitles.models import SpeechHints
from subtitles.viewsets import HotWordViewSet, TrackViewSet

register_setting(SpeechHints, icon="openquote")
register_snippet(HotWordViewSet)


@hooks.register("register_admin_viewset")
def register_track_viewset() -> TrackViewSet:
    return TrackViewSet()
