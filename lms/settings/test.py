"""For the test run: throw-away key, var/test, the same engines as in earnest."""

from lms.settings import env
from lms.settings.base import *
from lms.settings.base import BASE_DIR, CACHES, STORAGES, database

SECRET_KEY = "for tests only, and long enough that no check complains about its length"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
WHITENOISE_USE_FINDERS = True  # nothing needs to be collected
WHITENOISE_AUTOREFRESH = True  # else each new client has it look through all files
STATIC_ROOT = None
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DEMO_ALLOWED = True
KEEPS_PAGES = CACHES["pages"] == CACHES["default"]  # with Redis; elsewhere a test asks for it
CACHES["pages"] = CACHES["default"]
ALERTS_READ_SECONDS = 3600  # a test that writes one has it read anew
LESSON_FILMS = MANUAL_FILMS = False  # a test that needs one asks for it
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var/test")
VAR_DIR.mkdir(parents=True, exist_ok=True)  # SQLite makes no folders
MEDIA_ROOT = VAR_DIR / "media"
DATABASES = {"default": database(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'x.sqlite3'}"))}
DATABASES["default"]["TEST"] = (
    {"NAME": VAR_DIR / "test.sqlite3"}  # on disk: worker processes and threads share it
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else {}
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
