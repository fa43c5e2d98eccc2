"""A line of the log as JSON, for a city's collector: which request it belongs to, and no telephone
number, code or password, whoever wrote it."""

import json
import logging
import re
from datetime import UTC, datetime

from lms.operations.watching.request_ids import request_id

#: What stands before it may stay, and what is said in its place.
SECRETS = [
    (re.compile(r"(?<![\d+])(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "［号码］"),
    (re.compile(r"(?<!\d)\+\d{8,15}(?!\d)"), "［号码］"),
    (re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"), "［号码］"),
    # Learners' and learning numbers, as addresses bear them.
    (re.compile(r"(/(?:learners|qr|merge|apart)/)\d{9}(?!\d)"), r"\1［号码］"),
    (re.compile(r"(?<=[?&]number=)\d+"), "［号码］"),
    (re.compile(r"(?i)((?:验证码|动态口令|\bcode)\W{0,4})\d{4,8}(?!\d)"), r"\1［不写］"),
    (
        re.compile(
            r"(?i)((?:密码|password|passwd|secret\w*|token|sessionid)['\"]?\s*[=:：]\s*)\S+"
        ),
        r"\1［不写］",
    ),
]


def without_secrets(said: str) -> str:
    for pattern, instead in SECRETS:
        said = pattern.sub(instead, said)
    return said


class JsonLines(logging.Formatter):
    """Keys: time (ISO 8601, UTC), level, logger, message; request_id and traceback where there is
    one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if current := request_id.get():
            line["request_id"] = current
        if record.exc_info:
            line["traceback"] = without_secrets(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = without_secrets(self.formatStack(record.stack_info))
        return json.dumps(line, ensure_ascii=False)
