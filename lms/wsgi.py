import os

from django.core.wsgi import get_wsgi_application

from subtitles.chinese.words import load_words_meanwhile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
application = get_wsgi_application()
load_words_meanwhile()  # titles are broken between words
