import os

from django.core.asgi import get_asgi_application

from lms.operations.static_files import refuse_uncollected

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")
application = get_asgi_application()
refuse_uncollected()
