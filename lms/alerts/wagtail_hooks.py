from wagtail.snippets.models import register_snippet

from lms.alerts.viewsets import DrillIdeaViewSet

register_snippet(DrillIdeaViewSet)
