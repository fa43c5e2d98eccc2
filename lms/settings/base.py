"""What every way of running shares. The defaults are those of the embedded way: one machine,
SQLite, no broker, files on disk. A city sets DATABASE_URL, CELERY_BROKER_URL and CACHE_URL."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from kombu import Exchange, Queue

from lms import __version__
from lms.settings import env
from lms.settings.boxes import *
from lms.settings.jobs import *
from lms.settings.keeping import *
from lms.settings.limits import *
from lms.settings.notices import *
from lms.settings.people import *
from lms.settings.required import undecided
from lms.settings.watching import *

django_stubs_ext.monkeypatch()  # so that ModelForm[Video] may be written

VERSION = __version__
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")  # whatever the program writes
#: Who starts the programs again, for 系统状态: systemd, bin/start; blank: something else.
STARTED_BY = env.text("STARTED_BY", "systemd" if Path("/run/systemd/system").is_dir() else "")
BACKUP_DIR = env.folder("BACKUP_DIR", VAR_DIR / "backups")

#: What a city must decide and this environment does not say, with what to write.
UNDECIDED = undecided()

INSTALLED_APPS = [
    "lms.accounts",
    "lms.manuals",
    "lms.reports",
    "lms.units",
    "lms.people",
    "lms.classes",
    "lms.attendance",
    "lms.statistics",
    "lms.notices",
    "lms.rosters",
    "lms.helpline",
    "lms.alerts",
    "lms.search",
    "lms.tv",
    "lms.offline",
    "lms.returns",
    "lms.work",
    "lms.ledger",
    "lms.privacy",
    "lms.packs",
    "lms.boxes",
    "lms.evaluation",
    "lms.operations",
    "media",
    "subtitles",
    "courses",
    "courses.progress",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "lms.operations.watching.middleware.WatchersMiddleware",
    "lms.operations.watching.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.compression.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "media.uploads.tus.TusMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.accounts.middleware.DisplayMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lms.accounts.middleware.IdleMiddleware",
    "lms.people.first_password.FirstPasswordMiddleware",
    "lms.accounts.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.tv.middleware.TelevisionMiddleware",
    "lms.alerts.middleware.AlertsMiddleware",
    "lms.privacy.asking.AskingMiddleware",
    "lms.bounds.BoundsMiddleware",
    "courses.progress.screen.LearnerRecordMiddleware",
    "courses.page_cache.PageCacheMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor has many fields

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.accounts.context_processors.display",
                "lms.helpline.context_processors.my_village",
                "lms.work.my_work.my_work",
            ],
        },
    },
]

# --- Database, cache, queue -------------------------------------------------------------------

SQLITE_OPTIONS = {
    # A writer takes the lock when its transaction begins, so two writers wait and never deadlock.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds to wait for another writer
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000;",
}


def database(url: str) -> dict[str, Any]:
    """A `DATABASES` entry from a URL, with the options that each engine needs."""
    entry: dict[str, Any] = dict(dj_database_url.parse(url))
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = SQLITE_OPTIONS
    else:
        entry["CONN_HEALTH_CHECKS"] = True
        entry["OPTIONS"] = {"connect_timeout": 5, **entry.get("OPTIONS", {})}  # seconds
    entry["CONN_MAX_AGE"] = 60  # seconds; to open one costs as much as a kept page
    return entry


DATABASES = {
    "default": database(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'yinling.sqlite3'}"))
}
CACHES = {"default": env.cache("CACHE_URL", "locmem://")}
#: Whole pages are kept where all processes find them, so that all forget at once.
CACHES["pages"] = env.cache_of_pages(CACHES["default"], VAR_DIR / "kept-pages")
KEEPS_PAGES = True
#: Who brings one of these gets every page anew (as does whoever has a record); by those, home.
COOKIES_OF_SOMEBODY = {"sessionid", "messages", "television"}
COOKIES_OF_HOME = {"village"}

# With no broker the one worker talks to itself; nothing is lost with it, since the rows hold all.
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "memory://localhost/")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"polling_interval": 0.05} if CELERY_BROKER_URL.startswith("memory:") else {}
)
#: A worker with no -Q takes all; a city gives subtitles machines of their own.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in ("media", "subtitles", "figures")
]
CELERY_TASK_ROUTES = {
    f"{app}.*": {"queue": "figures"}
    for app in (
        "boxes",
        "courses",
        "notices",
        "offline",
        "people",
        "privacy",
        "progress",
        "returns",
        "search",
        "statistics",
    )
}
CELERY_IMPORTS = ("media.pipeline.tasks",)  # not in an app's own `tasks`, which Celery finds
CELERY_TASK_DEFAULT_QUEUE = "media"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever; the default gives up within the hour
CELERY_TASK_IGNORE_RESULT = True  # a stage's row is its result
#: Acknowledged when begun: the rows know what was lost. A late one, due while Redis is away, ends
#: the whole worker ("Unrecoverable error", Celery 5.7).
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
#: So that no message waits behind a long film while another worker has nothing to do.
CELERY_WORKER_DISABLE_PREFETCH = CELERY_BROKER_URL.startswith(("redis:", "rediss:"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULER = "lms.operations.watching.pulse:Clock"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

#: How old may be what a web process knows of alerts and emergencies. Screens ask every fifty
#: seconds (alerts.js), so that none is a minute behind.
ALERTS_READ_SECONDS = 8

#: What help shows to whoever has not said where they live, or whose unit has no telephone.
CITY_TELEPHONE = env.text("CITY_TELEPHONE", "12345")

# --- Language and place -----------------------------------------------------------------------

# Chinese whatever the browser prefers, since many televisions claim to be American. Staff choose
# their language in their Wagtail account; learners' choice comes with the display settings.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "lms/locale"]
TIME_ZONE = "Asia/Shanghai"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # so that nobody is asked for one
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = VAR_DIR / "static"  # with DEBUG they come from lms/static
STATICFILES_DIRS = [BASE_DIR / "lms/static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_ACCEL_PREFIX = env.text("MEDIA_ACCEL_PREFIX", "")  # nginx's internal location, if it serves
#: For the site's own user alone; nginx, where it serves them, reads as the group.
FILE_UPLOAD_PERMISSIONS = 0o640 if MEDIA_ACCEL_PREFIX else 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if MEDIA_ACCEL_PREFIX else 0o700
FILE_UPLOAD_TEMP_DIR: Path | None = None
STORAGES: dict[str, dict[str, Any]] = {
    "default": env.storage("STORAGE_URL"),  # s3://key:secret@host/bucket; blank: MEDIA_ROOT
    "staticfiles": {
        "BACKEND": "lms.storage.JoinedStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

# --- Video and subtitles ----------------------------------------------------------------------

#: A path, or a name in PATH. Empty: the first that can do our work (media.ffmpeg.abilities).
FFMPEG = env.text("FFMPEG", "")
VIDEO_MAX_UPLOAD_MIB = env.integer(
    "VIDEO_MAX_UPLOAD_MIB", 4096, unit="MiB", minimum=1, maximum=1_048_576
)
#: What is sent at once: the most that goes again after a cut. Sixteen seconds on a thin line.
UPLOAD_PIECE_MIB = env.integer("UPLOAD_PIECE_MIB", 4, unit="MiB", minimum=1, maximum=64)
UPLOAD_KEPT_DAYS = env.integer("UPLOAD_KEPT_DAYS", 7, unit="days", minimum=1, maximum=90)
#: An upload is refused that would leave less than this on the disk.
DISK_RESERVE_MIB = env.integer("DISK_RESERVE_MIB", 1024, unit="MiB", minimum=0, maximum=1_048_576)
VIDEO_MAX_HOURS = env.number("VIDEO_MAX_HOURS", 6, unit="hours", minimum=0.01, maximum=48)
VIDEO_MAX_PIXELS = env.integer(
    "VIDEO_MAX_PIXELS", 8192 * 4320, unit="pixels a frame", minimum=1, maximum=2**30
)
VIDEO_LOUDNESS_LUFS = env.number("VIDEO_LOUDNESS_LUFS", -16.0, unit="LUFS", minimum=-31, maximum=-9)
#: How long a stage stays with a worker that has fallen silent; its heartbeat is a third of that.
STAGE_LEASE_SECONDS = env.integer(
    "STAGE_LEASE_SECONDS", 30, unit="seconds", minimum=3, maximum=3600
)
SUBTITLE_ENGINES = {
    "faster-whisper": "subtitles.engines.faster_whisper.FasterWhisper",
    "openai-whisper": "subtitles.engines.openai_whisper.OpenAIWhisper",
    "sherpa-onnx": "subtitles.engines.sherpa_onnx.SherpaOnnx",
}
SUBTITLE_ENGINE = env.text("SUBTITLE_ENGINE", "faster-whisper")
WHISPER_MODEL = env.text("WHISPER_MODEL", "bundled")  # or a folder, or a hub name such as small
#: Engine and model for a spoken language, where they are there; the two above hear all others.
SUBTITLE_ENGINES_BY_LANGUAGE = env.engines_by_language("SUBTITLE_ENGINES_BY_LANGUAGE")
OPENAI_WHISPER_MODEL = env.text(
    "OPENAI_WHISPER_MODEL", str(VAR_DIR / "models/openai-whisper-base.pt")
)

# --- Reading aloud ----------------------------------------------------------------------------

#: What reads a text for which nobody has recorded his own voice.
NARRATORS = {
    "espeak-ng": "media.narration.narrators.espeak.Espeak",
    "kokoro": "media.narration.narrators.kokoro.Kokoro",
}
NARRATOR = env.text("NARRATOR", "espeak-ng")
NARRATOR_MODEL = env.text("NARRATOR_MODEL", str(VAR_DIR / "models/kokoro"))  # bin/neural-voice
RECORDING_MAX_UPLOAD_MIB = env.integer(
    "RECORDING_MAX_UPLOAD_MIB", 100, unit="MiB", minimum=1, maximum=4096
)

#: Whether every lesson becomes a film by itself.
LESSON_FILMS = env.boolean("LESSON_FILMS", True)
#: The same of every manual that is handed in.
MANUAL_FILMS = env.boolean("MANUAL_FILMS", True)
#: Under which licence lessons go to other cities, as it is told there; blank: nothing is said.
COURSES_LICENCE = env.text("COURSES_LICENCE", "")
#: How many of them are made at a time; each keeps two cores busy, behind everything else.
FILMS_AT_ONCE = env.integer("FILMS_AT_ONCE", 1, unit="films", minimum=1, maximum=64)

# --- Packs ------------------------------------------------------------------------------------

#: Keys by which packs are signed: a file, or PEM itself. Blank: VAR_DIR/pack-keys.pem.
PACK_SIGNING_KEY = env.text("PACK_SIGNING_KEY", "")
#: `city=public key` of each whose packs are taken in; an administrator adds more.
PACK_TRUSTED_KEYS = env.words("PACK_TRUSTED_KEYS", [])
#: Where sticks that are plugged in are found, three folders deep.
PACK_FOLDERS = env.words("PACK_FOLDERS", ["/media", "/run/media", "/mnt"])

# --- Paper ------------------------------------------------------------------------------------

HANDOUT_WAIT_SECONDS = 5  # for another one that is being laid out; then a page asks for patience
HANDOUT_LIMIT_SECONDS = env.integer(
    "HANDOUT_LIMIT_SECONDS", 90, unit="seconds", minimum=5, maximum=600
)
HANDOUT_MAX_MIB = env.integer("HANDOUT_MAX_MIB", 60, unit="MiB", minimum=1, maximum=1024)

# --- Wagtail ----------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "银龄学堂"
WAGTAILADMIN_BASE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "media.Attachment"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_PASSWORD_RESET_ENABLED = False  # people ask their officer
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no request leaves for another host
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "courses.search.backend"},
}

# --- Security ---------------------------------------------------------------------------------

#: Earlier keys, by which is still read what was signed or encrypted before SECRET_KEY changed.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews pages in a frame of its own site
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which would have DENY
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    # Wagtail's admin needs inline scripts and styles; it is for trusted staff (decision 004).
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}
