from wagtail import hooks
from wagtail.snippets.models import register_snippet

from lms.search.viewsets import SoughtWordViewSet, WordGroupViewSet

register_snippet(WordGroupViewSet)


@hooks.register("register_admin_viewset")
def register_sought_words_viewset() -> SoughtWordViewSet:
    return SoughtWordViewSet()
