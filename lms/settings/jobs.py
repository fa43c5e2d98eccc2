"""Jobs with an hour of their own, done by `celery -A lms beat` or sent by it (decision 013); what
was not fetched before it is due again is dropped. Part of base.py."""

from typing import Any

from celery.schedules import crontab

from lms.settings.boxes import JOBS_OF_BOXES
from lms.settings.notices import JOBS_OF_NOTICES

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "make changes of units that are due": {
        "task": "units.make_due_changes",
        "schedule": crontab(minute=5),  # every hour: a worker that stood still at midnight follows
        "options": {"expires": 3600},
    },
    "sign out whose role has ended": {
        "task": "people.sign_out_ended",
        "schedule": crontab(minute=2),  # every hour, for the same reason
        "options": {"expires": 3600},
    },
    "publish what was planned": {
        "task": "courses.publish_scheduled",
        "schedule": 60,  # seconds
        "options": {"expires": 60},
    },
    "count learners": {
        "task": "statistics.count_learners",
        "schedule": 30,  # seconds, so that a count is never a minute old
        "options": {"expires": 30},
    },
    **JOBS_OF_NOTICES,
    **JOBS_OF_BOXES,
    "recount figures": {
        "task": "statistics.recount",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 6 * 3600},
    },
    "begin the returns of last month": {
        "task": "returns.begin_month",
        "schedule": crontab(minute=12),  # every hour: a worker that stood still at midnight follows
        "options": {"expires": 3600},
    },
    "take away what is kept about people and is over": {
        "task": "privacy.keep_periods",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 6 * 3600},
    },
    "forget counts of lessons": {
        "task": "progress.forget_old_tallies",
        "schedule": crontab(hour=3, minute=55),
        "options": {"expires": 6 * 3600},
    },
    "draw covers": {
        "task": "media.draw_covers",
        "schedule": 20,  # seconds: until then a tile shows the drawing alone
        "options": {"expires": 20},
    },
    "read what search has missed": {
        "task": "search.read_changes",
        "schedule": 60,  # seconds
        "options": {"expires": 60},
    },
    "forget what was sought": {
        "task": "search.forget_counts",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 6 * 3600},
    },
    "make packs that were asked for": {
        "task": "packs.make_waiting",
        "schedule": 10,  # seconds
        "options": {"expires": 10},
    },
    "take in packs that were agreed to": {
        "task": "packs.take_waiting",
        "schedule": 10,  # seconds
        "options": {"expires": 10},
    },
    "forget packs that nobody wants": {
        "task": "packs.forget_old",
        "schedule": crontab(hour=4, minute=35),
        "options": {"expires": 6 * 3600},
    },
    "forget what phones handed over": {
        "task": "offline.forget_old",
        "schedule": crontab(hour=3, minute=45),
        "options": {"expires": 6 * 3600},
    },
    "clean up media": {
        "task": "media.clean_up",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 6 * 3600},
    },
}
