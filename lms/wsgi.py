import os

from django.core.wsgi import get_wsgi_application

from lms.operations.static_files import refuse_uncollected

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")
application = get_wsgi_application()
refuse_uncollected()
