"""How people are told: by whom short messages, e-mails and messages to groups go out; part of
base.py."""

from typing import Any

from celery.schedules import crontab

from lms.settings import env

#: Who sends short messages (lms/accounts/sms.py); empty: nobody signs in by telephone.
SMS_GATEWAY = env.text("SMS_GATEWAY", "")
SMS_ENDPOINT = env.text("SMS_ENDPOINT", "https://dysmsapi.aliyuncs.com/")
SMS_KEY_ID = env.text("SMS_KEY_ID", "")
SMS_KEY_SECRET = env.text("SMS_KEY_SECRET", "")
#: What stands in 【】 before every message.
SMS_SIGN_NAME = env.text("SMS_SIGN_NAME", "")
#: The company's name of each of our templates; the words are in lms/notices/texts.py.
SMS_TEMPLATES = env.pairs("SMS_TEMPLATES")
#: With it the company signs what it pushes to us: reports, and answers like 退订. "": nothing is
#: taken.
SMS_PUSH_SECRET = env.text("SMS_PUSH_SECRET", "")
#: 分 for each piece of 70 characters.
SMS_PRICE_FEN = env.integer("SMS_PRICE_FEN", 5, unit="fen", minimum=0, maximum=1000)
#: 元 a month for the whole site; beyond it only what is urgent goes by short message.
SMS_MOST_YUAN = env.integer("SMS_MOST_YUAN", 1000, unit="yuan a month", minimum=0, maximum=10**7)
#: Whether learners who agreed to it are told at 16:00 of tomorrow's class.
REMIND_OF_CLASSES = env.boolean("REMIND_OF_CLASSES", True)
#: From the full hour of the evening to that of the morning nothing rings; 21:00 to 8:00.
QUIET_FROM_HOUR = env.integer("QUIET_FROM_HOUR", 21, unit="o'clock", minimum=0, maximum=23)
QUIET_UNTIL_HOUR = env.integer("QUIET_UNTIL_HOUR", 8, unit="o'clock", minimum=0, maximum=23)
#: To which hosts groups' robots may belong; none: no message goes to a group.
WEBHOOK_HOSTS = env.words("WEBHOOK_HOSTS", [])

#: Who takes our e-mails; "": none is sent.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.integer("EMAIL_PORT", 465, unit="port", minimum=1, maximum=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", EMAIL_HOST_USER)

JOBS_OF_NOTICES: dict[str, dict[str, Any]] = {
    "send notices": {
        "task": "notices.send",
        "schedule": 20,  # seconds
        "options": {"expires": 20},
    },
    "remind of tomorrow's classes": {
        "task": "notices.remind",
        "schedule": crontab(hour=16, minute=0),
        "options": {"expires": 4 * 3600},
    },
    "tell staff what they have not read": {
        "task": "notices.digest",
        "schedule": crontab(hour=8, minute=30),
        "options": {"expires": 6 * 3600},
    },
}
