from wagtail.snippets.models import register_snippet

from lms.tv.viewsets import PlaylistViewSet

register_snippet(PlaylistViewSet)
