"""系统状态: the same in words, for whoever looks after the site: what is wrong, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.operations.backups.last import last_backup
from lms.operations.watching import waiting
from lms.operations.watching.parts import Part, PartState, look
from lms.privacy.models import PeriodRun
from lms.privacy.retention import PERIODS
from media.files import lie_here

#: Nothing should wait so long for a worker; a long film is done in less.
LONG_WAIT_SECONDS: Final = 2 * 3600
#: A night and a half without a backup.
NO_BACKUP_SECONDS: Final = 36 * 3600
MIB: Final = 2**20


class Condition(StrEnum):
    WRONG = "wrong"
    WAITS = "waits"  # somebody should see to it, but nothing is broken
    WELL = "well"


@dataclass(frozen=True)
class StatusRow:
    name: str
    verdict: Condition
    said: str = ""
    do: str = ""
    #: Where it can be done; "": not on a page.
    address: str = ""
    #: To be typed on the machine; a line for each.
    command: str = ""


@dataclass(frozen=True)
class PartWords:
    name: str | Promise
    wrong: str | Promise
    #: Its unit of systemd's; blank: it is no program.
    unit: str = ""
    #: The log in which bin/start keeps what it says; blank: bin/start does not start it.
    log: str = ""


#: Of every part (watching.parts).
WORDS: Final = {
    "database": PartWords(
        gettext_lazy("数据库"),
        gettext_lazy("连不上数据库，网页大多打不开。"),
        "postgresql",
    ),
    "broker": PartWords(
        gettext_lazy("任务队列"),
        gettext_lazy("连不上任务队列，上传的视频会一直“排队中”。"),
        "redis-server",
    ),
    "storage": PartWords(
        gettext_lazy("存放文件的地方"),
        gettext_lazy("文件写不进去，上传、做视频都会失败。"),
    ),
    "worker:media": PartWords(
        gettext_lazy("做视频的程序"),
        gettext_lazy("没有动静，上传的视频会一直“排队中”。"),
        "yinling-worker@media",
        "worker",
    ),
    "worker:subtitles": PartWords(
        gettext_lazy("听写字幕的程序"),
        gettext_lazy("没有动静，新视频能看，但是没有字幕。"),
        "yinling-worker@subtitles",
        "worker",
    ),
    "worker:figures": PartWords(
        gettext_lazy("统计和搜索的程序"),
        gettext_lazy("没有动静，数字会晚，定时的课不会出来。"),
        "yinling-worker@figures",
        "worker",
    ),
    "clock": PartWords(
        gettext_lazy("定时的时钟"),
        gettext_lazy("没有动静，定时发布和夜间整理都不会做。"),
        "yinling-beat",
        "beat",
    ),
}


def system_status() -> list[StatusRow]:
    """What is wrong first, then what waits."""
    rows = [*map(row_of, look()), *rows_of_work()]
    return sorted(rows, key=lambda row: list(Condition).index(row.verdict))


def row_of(part: Part) -> StatusRow:
    words = WORDS[part.name]
    name = str(words.name)
    if part.state == PartState.OK:
        return StatusRow(name, Condition.WELL)
    if part.state == PartState.UNKNOWN:
        return StatusRow(name, Condition.WAITS, _("数据库连不上，现在不知道它怎么样。"))
    return StatusRow(
        name,
        Condition.WRONG,
        _("%(wrong)s%(since)s") % {"wrong": words.wrong, "since": since(part.since)},
        *how_to_mend(words),
    )


def how_to_mend(words: PartWords) -> tuple[str, str, str]:
    """`do`, `address` and `command` of its row, as this site was started (STARTED_BY)."""
    if not words.unit and not lie_here():
        return _("请查对象存储开着没有、密钥（STORAGE_URL）还能不能用、地方满了没有。"), "", ""
    if not words.unit:
        told = _("在服务器上看是怎么回事，再让它好起来：")
        return told, "", f"df -h {settings.MEDIA_ROOT}\nls -ld {settings.MEDIA_ROOT}"
    if settings.STARTED_BY == "systemd":
        told = _("在服务器上看是怎么回事，再让它好起来：")
        return told, "", f"systemctl status {words.unit}\nsystemctl restart {words.unit}"
    if settings.STARTED_BY == "bin/start" and words.log:
        told = _("看它最后说了什么，再到开着本站的窗口里按 Ctrl-C，重新启动：")
        return told, "", f"tail -n 30 {settings.VAR_DIR}/log/{words.log}.log\nbin/start"
    return _("请看它的日志，再重新启动它。"), "", ""


def how_to_back_up() -> tuple[str, str, str]:
    """The same of a backup."""
    if settings.STARTED_BY == "systemd":
        told = _("在服务器上看是怎么回事，再做一次：")
        return told, "", "journalctl -u yinling-backup -n 20\nsystemctl start yinling-backup"
    return _("在本站的文件夹里做一次："), "", ".venv/bin/python manage.py backup"


def since(moment: datetime | None) -> str:
    if moment is None:
        return _("还没有运行过。")
    at = timezone.localtime(moment)
    return _("从%(at)s起就这样，已经%(long)s。") % {
        "at": f"{at:%Y-%m-%d %H:%M}",
        "long": timesince(moment, depth=1),
    }


def rows_of_work() -> Iterator[StatusRow]:
    yield disk()
    yield backup()
    yield periods()
    yield oldest_step()
    yield failed_videos()
    yield open_rolls()
    yield calls()
    yield behind()


def disk() -> StatusRow:
    free, size = waiting.disk_bytes()
    told = {"free": filesizeformat(free), "size": filesizeformat(size)}
    if free > max(2 * settings.DISK_RESERVE_MIB * MIB, size // 20):
        return StatusRow(_("硬盘"), Condition.WELL, _("还剩%(free)s，一共%(size)s。") % told)
    return StatusRow(
        _("硬盘"),
        Condition.WRONG,
        _("只剩%(free)s，一共%(size)s。满了就不能上传。") % told,
        _("换一块大的，或者删去不要的视频："),
        reverse("videos:index"),
    )


def backup() -> StatusRow:
    name, last = _("备份"), last_backup()
    if last is None:
        return StatusRow(name, Condition.WAITS, _("还没有做过备份。"), *how_to_back_up())
    told = {
        "at": f"{timezone.localtime(last.ended_at):%Y-%m-%d %H:%M}",
        "long": timesince(last.ended_at, depth=1),
        "said": last.said,
    }
    if not last.ok:
        said = _("最近一次（%(at)s）没有做成：%(said)s") % told
        return StatusRow(name, Condition.WRONG, said, *how_to_back_up())
    if (timezone.now() - last.ended_at).total_seconds() > NO_BACKUP_SECONDS:
        said = _("最近一次是%(at)s，已经%(long)s。") % told
        return StatusRow(name, Condition.WRONG, said, *how_to_back_up())
    return StatusRow(name, Condition.WELL, _("最近一次是%(at)s。%(said)s") % told)


def periods() -> StatusRow:
    """What is kept about people and is over goes every night."""
    name, runs = _("到期删除"), {run.period: run for run in PeriodRun.objects.all()}
    last = min((run.ended_at for run in runs.values()), default=None)
    if last is None or len(runs) < len(PERIODS):
        return StatusRow(name, Condition.WAITS, _("还没有做过，今天夜里会做。"))
    told = {"at": f"{timezone.localtime(last):%Y-%m-%d %H:%M}", "long": timesince(last, depth=1)}
    failed = [str(each.what) for each in PERIODS if runs[each.name].count is None]
    if failed:
        said = _("没有删成：%(what)s。") % {"what": "、".join(failed)}
        return StatusRow(name, Condition.WRONG, said, *how_to_mend(WORDS["worker:figures"]))
    if (timezone.now() - last).total_seconds() > NO_BACKUP_SECONDS:
        said = _("最近一次是%(at)s，已经%(long)s。") % told
        return StatusRow(name, Condition.WRONG, said, *how_to_mend(WORDS["clock"]))
    gone = [
        _("%(what)s%(count)d条") % {"what": each.what, "count": runs[each.name].count}
        for each in PERIODS
        if runs[each.name].count
    ]
    said = _("最近一次是%(at)s。") % told
    said += _("删去：%(gone)s。") % {"gone": "；".join(gone)} if gone else _("没有到期的。")
    return StatusRow(name, Condition.WELL, said)


def oldest_step() -> StatusRow:
    """Of all queues the one that is most behind."""
    seconds = max(waiting.oldest_stages().values(), default=0.0)
    if seconds < LONG_WAIT_SECONDS:
        return StatusRow(_("等着做的视频"), Condition.WELL, _("没有等得太久的。"))
    return StatusRow(
        _("等着做的视频"),
        Condition.WRONG,
        _("最早的已经等了%(hours)d小时。") % {"hours": seconds // 3600},
        _("上面的程序都正常，就是机器忙不过来，可以再加一台；有不正常的，先处理它。"),
    )


def failed_videos() -> StatusRow:
    count = waiting.failed_videos()
    if not count:
        return StatusRow(_("没有做成的视频"), Condition.WELL, _("没有"))
    return StatusRow(
        _("没有做成的视频"),
        Condition.WAITS,
        _("%(count)d部视频或录音没有做成。") % {"count": count},
        _("打开看是什么原因，处理好了按“再试一次”："),
        reverse("videos:index"),
    )


def open_rolls() -> StatusRow:
    count = waiting.open_rolls()
    if not count:
        return StatusRow(_("过了日子的点名"), Condition.WELL, _("都结束了。"))
    return StatusRow(
        _("过了日子的点名"),
        Condition.WAITS,
        _("%(count)d次课的点名还没有结束，统计里没有它们。") % {"count": count},
        _("请教师或所在单位的管理员结束点名："),
        reverse("attendance:mine"),
    )


def calls() -> StatusRow:
    count = waiting.calls()
    if not count:
        return StatusRow(_("求助"), Condition.WELL, _("没有人在等。"))
    return StatusRow(
        _("求助"),
        Condition.WAITS,
        _("%(count)d个求助等人回电话，最早的等了%(hours)d小时。")
        % {"count": count, "hours": waiting.oldest_call_seconds() // 3600},
        _("请所在单位的人回电话："),
        reverse("helpline:list"),
    )


def behind() -> StatusRow:
    """What the clock has done every minute; a few of each are always there."""
    return StatusRow(
        _("后台的零活"),
        Condition.WELL,
        _("等着画的封面%(covers)d张，等着搜索重读的%(search)d项，等着重数的月份%(months)d个。")
        % {
            "covers": waiting.covers(),
            "search": waiting.search_changes(),
            "months": waiting.months_to_count(),
        },
    )
