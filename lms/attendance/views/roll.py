"""The roll's page for teachers: one shell for everybody, which the phone keeps; what is personal
comes from the API. Everything that the page may say stands here, so that it can be translated.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.attendance.choices import AttendanceStatus
from lms.attendance.queries import keeps_a_roll

#: What the page links to; a deployment may give these names with a digest.
LINKED = [
    "css/tokens.css",
    "css/reset.css",
    "css/base.css",
    "css/components/button.css",
    "attendance/roll.css",
    "attendance/page.js",
    "attendance/icon.svg",
    "vendor/phosphor-icons-2.1.1/icons.svg",
]
#: What those import; collectstatic puts the digests into what they say as well.
IMPORTED = [
    "attendance/camera.js",
    "attendance/classes.js",
    "attendance/learners.js",
    "attendance/numbers.js",
    "attendance/read_outs.js",
    "attendance/scanning.js",
    "attendance/store.js",
    "attendance/sync.js",
    "attendance/ticks.js",
    "attendance/walk_ins.js",
    "attendance/words.js",
    "vendor/idb-8.0.4/index.js",
    "vendor/qr-0.7.0/decode.js",
    "vendor/qr-0.7.0/index.js",
]
ICON_PIXELS = (192, 512)
#: Sentences of the script; {…} is filled in there.
WORDS = {
    "page": gettext_lazy("点名"),
    "waiting": gettext_lazy("{count} 条待上传"),
    "all_sent": gettext_lazy("都已上传"),
    "last_sent": gettext_lazy("上次上传：{when}"),
    "never_sent": gettext_lazy("还没有上传过"),
    "today_at": gettext_lazy("今天 {time}"),
    "no_network": gettext_lazy("没有网"),
    "sending": gettext_lazy("正在上传…"),
    "offline": gettext_lazy("现在没有网。点的名都记在这台手机里，有网就自动上传。"),
    "no_answer": gettext_lazy("服务器没有回应。点的名都记在这台手机里，过一会儿自动再传。"),
    "not_kept": gettext_lazy("还有没上传的点名。请在 7 天内连一次网，再打开这一页。"),
    "of_another": gettext_lazy("还有{name}记的 {count} 条没有上传。请{name}在这台手机上登录一次。"),
    "full": gettext_lazy("手机存储满了，刚才这一下没有记上。请删掉一些照片或视频，再点一次。"),
    "not_stored": gettext_lazy("刚才这一下没有记上。请再点一次；还是不行，就关掉这一页重新打开。"),
    "insecure": gettext_lazy("这个网址不能在没网时点名。请用 https:// 开头的网址打开。"),
    "old_browser": gettext_lazy("这个浏览器太旧，不能点名。请更新浏览器，或者换一个。"),
    "no_classes": gettext_lazy("这两个星期没有您的课。"),
    "never_held": gettext_lazy("名单还没有下载到这台手机。请连上网，再打开这一页。"),
    "loading": gettext_lazy("正在下载名单…"),
    "held": gettext_lazy("名单下载于：{when}。没有网也能点名。"),
    "today": gettext_lazy("今天"),
    "unfinished": gettext_lazy("还没点完"),
    "later": gettext_lazy("以后"),
    "finished": gettext_lazy("点完了的"),
    "learners": gettext_lazy("{count} 人"),
    "to_read": gettext_lazy("有 {count} 条提醒要读给大家听"),
    "read": gettext_lazy("读过了"),
    "not_read": gettext_lazy("按错了，还没有读"),
    "to_mark": gettext_lazy("还有 {count} 人没点"),
    "marked": gettext_lazy("都点了，还没按“点完了”"),
    "closed": gettext_lazy("点完了"),
    "closing": gettext_lazy("点完了，待上传"),
    "cancelled": gettext_lazy("取消了"),
    "not_yet": gettext_lazy("这次课还没到时间，{when}起可以点名。"),
    "added": gettext_lazy("临时加的课"),
    "meets_already": gettext_lazy("今天已经有一次：{when}"),
    "wrong_clock": gettext_lazy(
        "这台手机的日期或时间不对：手机上是{phone}，其实是{real}。"
        "请在手机设置里打开“自动设置日期和时间”。下面按对的时间排。"
    ),
    "unmarked": gettext_lazy("没点"),
    "counts": gettext_lazy("到 {present} 人，没来 {away} 人，没点 {unmarked} 人"),
    "all_present": gettext_lazy("全部到了"),
    "rest_present": gettext_lazy("其余都到了"),
    "rest_unmarked": gettext_lazy("还有 {count} 人没有点：{names}。"),
    "and_more": gettext_lazy("{names}等"),
    "said": gettext_lazy("{by}点的是“{status}”。"),
    "oneself": gettext_lazy("本人"),
    "needs_reason": gettext_lazy("点名已经结束。要改，先写明原因。"),
    "more_of": gettext_lazy("{name}：更多"),
    "malformed": gettext_lazy("服务器不认得这一条。请重新点一次。"),
    "no_class": gettext_lazy("没有这次课，或者这不是您的班。"),
    "sign_out_waiting": gettext_lazy("还有 {count} 条没有上传，现在不能退出。请连上网再试。"),
    "sign_out_asked": gettext_lazy(
        "有人同名，还没有说是谁，点名就传不上去。请先在上面选一下，再退出。"
    ),
    "sign_out_failed": gettext_lazy("没有退出。请连上网再试。"),
    "headcount": gettext_lazy("来了多少人"),
    "headcount_beside": gettext_lazy("到场总人数（可以不填）"),
    "this_one": gettext_lazy("就是这位：{number}"),
    "the_new_one": gettext_lazy("就是刚才登记的那位"),
    "another_person": gettext_lazy("是另一位"),
    "born": gettext_lazy("{year}年生"),
    "same_in_class": gettext_lazy("名单上已经有{name}。是同一位吗？"),
    "same_in_village": gettext_lazy(
        "{title}登记的{name}：村里已经有同名的学员。请问一下本人，再选。"
    ),
    "wrong_number": gettext_lazy("号码有一位打错了，或者少了、多了。请对着卡片再打一遍。"),
    "number_or_name": gettext_lazy("请写学员号；没有卡的，写姓名就行。"),
    "taken_in": gettext_lazy("登记了，到"),
    "already": gettext_lazy("点过了：{status}"),
    "not_in_class": gettext_lazy("不在这个班。登记到这个班吗？"),
    "not_a_card": gettext_lazy("这不是学员卡，或者号码不对。"),
    "camera_refused": gettext_lazy(
        "浏览器没有得到摄像头的许可。请在手机设置里允许，或者在下面写号码。"
    ),
    "camera_none": gettext_lazy("这台设备没有摄像头。请在下面写号码。"),
    "camera_broken": gettext_lazy(
        "摄像头打不开，可能别的应用正在用。请关掉它再试，或者在下面写号码。"
    ),
    "status": dict(AttendanceStatus.choices),
}


@require_safe
@login_required
@ensure_csrf_cookie
@cache_control(no_cache=True)
def roll_page(request: SignedInRequest) -> HttpResponse:
    if not keeps_a_roll(request.user):
        return render(request, "attendance/roll/not_a_teacher.html", status=403)
    return render(request, "attendance/roll/page.html", shell_context())


def shell_context() -> dict[str, Any]:
    sign_in = resolve_url(settings.LOGIN_URL) + "?" + urlencode({"next": reverse("roll")})
    return {"words": WORDS, "statuses": AttendanceStatus.choices, "sign_in": sign_in}


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the page among its apps."""
    icons = [
        {
            "src": static(f"attendance/icon-{side}.png"),
            "sizes": f"{side}x{side}",
            "type": "image/png",
        }
        for side in ICON_PIXELS
    ]
    app = {
        "id": reverse("roll"),
        "name": _("银龄学堂点名"),
        "short_name": _("点名"),
        "lang": settings.LANGUAGE_CODE,
        "start_url": reverse("roll"),
        "scope": reverse("roll"),
        "display": "standalone",
        "background_color": "#fffbf2",
        "theme_color": "#fffbf2",
        "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
    }
    return JsonResponse(app, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that serves the page without a network. Its text changes when anything that it
    keeps does, and so the phone fetches all anew."""
    kept = [reverse("roll"), reverse("roll_manifest")]
    kept += [static(name) for name in [*LINKED, *IMPORTED]]
    text = (
        f"import {{ serve }} from {json.dumps(static('attendance/worker.js'))};\n"
        f"serve({json.dumps(shell_version())}, {json.dumps(kept)});\n"
    )
    return HttpResponse(text, content_type="text/javascript")


@cache
def shell_version() -> str:
    """A digest of all that makes the page up."""
    digest = hashlib.sha256(render_to_string("attendance/roll/page.html", shell_context()).encode())
    for name in [*LINKED, *IMPORTED, "attendance/worker.js"]:
        path = finders.find(name)
        assert isinstance(path, str), f"{name} is missing"
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Called by the page once it has handed everything over; it then wipes what it keeps."""
    logout(request)
    return HttpResponse(status=204)
