"""What is done with people's data, why, and how long it is kept: the one table behind the notice,
the page of what is kept, and the register of processing (处理活动记录).

A test holds it against the models, so that a new one that names a person must find its line here.
Bases are those of article 13 of the 个人信息保护法.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.choices import Purpose

#: Of the words that the notice says; whoever changes what it says gives it another.
NOTICE_VERSION = "2026-12"

CONSENT = gettext_lazy("本人同意（第十三条第一项）")
SERVICE = gettext_lazy("本人要求的服务所必需（第十三条第二项）")
DUTY = gettext_lazy("履行法定职责所必需（第十三条第三项）")


def days(setting: str) -> Callable[[], str]:
    return lambda: in_words(getattr(settings, setting))


def in_words(days: int) -> str:
    """Of whole years, leap days or not, how many; else the days."""
    years, rest = divmod(days, 365)
    if years and rest <= years // 4:
        return _("%(years)d年") % {"years": years}
    return _("%(days)d天") % {"days": days}


@dataclass(frozen=True)
class Processing:
    name: str | Promise
    why: str | Promise
    whose: str | Promise
    #: Which particulars.
    what: str | Promise
    basis: str | Promise
    seen_by: str | Promise
    #: From when the period runs, and how long.
    since: str | Promise
    kept: Callable[[], str]
    #: Models that hold it, by label.
    models: tuple[str, ...]
    #: Asked for; None: not for the person to refuse, since nothing else would work without.
    purpose: Purpose | None = None


def as_long_as_used() -> str:
    return _("本人删除为止")


def until_taken() -> str:
    return _("收下就删")


PROCESSINGS = (
    Processing(
        gettext_lazy("用手机号进来"),
        gettext_lazy("换一台手机、电视也认得您"),
        gettext_lazy("有账号的人"),
        gettext_lazy("手机号、称呼、字多大这些设置、记着的电视"),
        SERVICE,
        gettext_lazy("只有本人；系统管理员"),
        gettext_lazy("最后一次用以后"),
        days("ACCOUNTS_KEPT_DAYS"),
        (
            "accounts.User",
            "accounts.Agreement",
            "accounts.DisplaySettings",
            "tv.TelevisionPerson",
            "tv.Pairing",
            "classes.CalendarKey",
        ),
    ),
    Processing(
        gettext_lazy("记住学到了哪里"),
        gettext_lazy("下次接着学，学完了领证书"),
        gettext_lazy("学课的人"),
        gettext_lazy("看过哪几课、做过哪些练习。没有姓名和电话"),
        CONSENT,
        gettext_lazy("只有本人"),
        gettext_lazy("最后一次用以后"),
        days("LEARNER_RECORD_KEPT_DAYS"),
        ("progress.LearnerRecord", "offline.NotedOffline"),
        purpose=Purpose.LEARNING,
    ),
    Processing(
        gettext_lazy("发短信告诉上课和停课"),
        gettext_lazy("上课、停课、改时间，发短信说一声"),
        gettext_lazy("同意收短信的人"),
        gettext_lazy("手机号、愿不愿意收、哪几条通知到了"),
        CONSENT,
        gettext_lazy("本村居的教师和管理员；发短信的公司"),
        gettext_lazy("同意以后"),
        as_long_as_used,
        ("accounts.User", "notices.Wish", "notices.Delivery"),
        purpose=Purpose.NEWS,
    ),
    Processing(
        gettext_lazy("学员名册和报名"),
        gettext_lazy("安排班级、发学员卡、有事联系得到人"),
        gettext_lazy("报名上课的人"),
        gettext_lazy("姓名、学员号、村居；出生年份和电话可以不写"),
        SERVICE,
        gettext_lazy("本班教师、本村居和上级的管理员；查阅员只看姓名和出勤"),
        gettext_lazy("最后一次上课以后"),
        days("LEARNERS_KEPT_DAYS"),
        (
            "people.Learner",
            "people.LearnerMerge",
            "people.ToldApart",
            "classes.Enrolment",
            "rosters.RosterImport",
            "rosters.RosterEntry",
        ),
    ),
    Processing(
        gettext_lazy("点名"),
        gettext_lazy("知道谁来了，统计到课的人数"),
        gettext_lazy("报名上课的人"),
        gettext_lazy("哪次课到了、迟到、请假、没到"),
        SERVICE,
        gettext_lazy("本班教师、本村居和上级的管理员、查阅员"),
        gettext_lazy("最后一次上课以后删去姓名，只留人数"),
        days("LEARNERS_KEPT_DAYS"),
        ("attendance.AttendanceEvent", "attendance.AttendanceRecord"),
    ),
    Processing(
        gettext_lazy("亲友代办"),
        gettext_lazy("家里人替学员报名、签到"),
        gettext_lazy("学员和代办的亲友"),
        gettext_lazy("是谁、什么关系、可以办什么、怎么同意的、到哪天"),
        CONSENT,
        gettext_lazy("本班教师、本村居和上级的管理员"),
        gettext_lazy("和学员的登记一起"),
        days("LEARNERS_KEPT_DAYS"),
        ("people.Delegate",),
    ),
    Processing(
        gettext_lazy("求助"),
        gettext_lazy("志愿者给您回电话"),
        gettext_lazy("请人回电话的人"),
        gettext_lazy("电话、称呼、住在哪个村居、当时看的哪一课"),
        SERVICE,
        gettext_lazy("本村居的志愿者、教师、管理员"),
        gettext_lazy("办完以后"),
        days("HELP_KEPT_DAYS"),
        ("helpline.HelpRequest",),
    ),
    Processing(
        gettext_lazy("村里的盒子和市里来往"),
        gettext_lazy("没有网络的村居也能点名、求助，记下的交给市里"),
        gettext_lazy("在盒子上报名、上课、求助的人"),
        gettext_lazy("新学员的登记、点名、求助，各一条；U盘上只有加了密的"),
        SERVICE,
        gettext_lazy("本村居和上级的管理员，只在收不下的时候"),
        gettext_lazy("市里收下、或者看过不收为止"),
        until_taken,
        ("boxes.HeldLine", "boxes.BornBatch"),
    ),
    Processing(
        gettext_lazy("我遇到了骗子"),
        gettext_lazy("提醒别人，做防骗练习"),
        gettext_lazy("告诉我们的人，不问是谁"),
        gettext_lazy("哪个村居、哪一种、怎么来的；自己写的话可以不写。没有姓名和电话"),
        SERVICE,
        gettext_lazy("本村居和上级的管理员、联络民警"),
        gettext_lazy("说了以后删去自己写的话，只留次数"),
        days("MET_KEPT_DAYS"),
        ("alerts.MetFraud",),
    ),
    Processing(
        gettext_lazy("统计"),
        gettext_lazy("报告有多少人上了课"),
        gettext_lazy("不涉及任何人"),
        gettext_lazy("只有人数和次数，不知道是谁"),
        DUTY,
        gettext_lazy("本单位和上级的管理员、查阅员"),
        gettext_lazy("一直留着"),
        lambda: _("里面没有谁的资料"),
        ("statistics.DistinctLearner",),
    ),
    Processing(
        gettext_lazy("典型案例里写的人"),
        gettext_lazy("让别的村居照着做"),
        gettext_lazy("同意写进案例的人"),
        gettext_lazy("姓名和做过的事；怎么同意的、哪天同意的"),
        CONSENT,
        gettext_lazy("谁都看得到"),
        gettext_lazy("公开以后"),
        lambda: _("本人要求撤下为止"),
        ("evaluation.TypicalCase",),
    ),
    Processing(
        gettext_lazy("工作人员的任职"),
        gettext_lazy("谁能看、能办什么；出了事查得到人"),
        gettext_lazy("管理员、教师、志愿者、查阅员"),
        gettext_lazy("姓名、手机号、在哪里任什么职、做过什么、帮忙的时间"),
        DUTY,
        gettext_lazy("本单位和上级的管理员"),
        gettext_lazy("离任以后"),
        lambda: _("按档案规定，不自动删"),
        (
            "people.RoleAssignment",
            "people.RoleEvent",
            "people.Slip",
            "classes.HelperTime",
            "rosters.StaffImport",
            "rosters.StaffEntry",
            "returns.Snapshot",
            "returns.ReturnAct",
        ),
    ),
    Processing(
        gettext_lazy("工作台账"),
        gettext_lazy("政策里的每一条谁负责、办到哪一步"),
        gettext_lazy("管理员、教师这些工作人员，和表格里写的责任人"),
        gettext_lazy("姓名、负责哪一条、报过什么、谁改过什么"),
        DUTY,
        gettext_lazy("本单位和上级的管理员、查阅员；责任人看自己的"),
        gettext_lazy("写下以后"),
        lambda: _("按档案规定，不自动删"),
        (
            "ledger.Measure",
            "ledger.MeasureChange",
            "ledger.Evidence",
            "ledger.Pressing",
            "ledger.LedgerImport",
        ),
    ),
    Processing(
        gettext_lazy("工作通知"),
        gettext_lazy("告诉工作人员停课、审核结果和要办的事"),
        gettext_lazy("工作人员、厂商的人"),
        gettext_lazy("发过哪几条、看了没有；邮箱、手机号"),
        DUTY,
        gettext_lazy("本人；发通知的人和上级的管理员只看人数"),
        gettext_lazy("发出以后"),
        days("NOTICES_KEPT_DAYS"),
        ("notices.Delivery", "notices.DigestChoice"),
    ),
    Processing(
        gettext_lazy("谁看过学员资料"),
        gettext_lazy("查得到工作人员什么时候看过、带走过谁的资料"),
        gettext_lazy("工作人员"),
        gettext_lazy("谁、什么时候、看了什么、几行、为什么"),
        DUTY,
        gettext_lazy("查阅员、系统管理员"),
        gettext_lazy("写下以后"),
        days("LOOKS_KEPT_DAYS"),
        ("people.Look",),
    ),
    Processing(
        gettext_lazy("厂商"),
        gettext_lazy("审核厂商，联系得到人"),
        gettext_lazy("厂商的联系人"),
        gettext_lazy("姓名、电话、邮箱、营业执照和授权书"),
        SERVICE,
        gettext_lazy("审核说明书的人"),
        gettext_lazy("厂商退出以后"),
        lambda: _("印在包装盒上的码还用着，不自动删"),
        ("manuals.Organisation", "manuals.Membership"),
    ),
)


def asked_for() -> list[Processing]:
    """Those that somebody may refuse."""
    return [each for each in PROCESSINGS if each.purpose is not None]


def of_elders() -> list[Processing]:
    """Those that the notice tells who signs in, beside those that it asks."""
    return [each for each in PROCESSINGS[:9] if each.purpose is None]
