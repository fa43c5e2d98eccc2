"""A group of colleagues is told by its robot, where a setting lets messages go."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from lms import outgoing
from lms.notices.choices import DeliveryState, GroupKind, Way
from lms.notices.services.classes import tell_class
from lms.notices.services.groups import GroupRefused, add_group
from lms.notices.services.posting import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot(settings, monkeypatch):
    """Answers with what is in `says`, then 0: an errcode, a page instead of one, HTTP 500 or 404,
    or nothing. What it was told lies in `told`."""
    monkeypatch.setattr(outgoing, "SECONDS", 0.4)
    over = threading.Event()

    class Robot(BaseHTTPRequestHandler):
        says: list[int | str] = []
        told: list[tuple[bytes, dict]] = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.told.append((body, dict(self.headers)))
            said = self.says.pop(0) if self.says else 0
            if said == "silence":
                over.wait(30)
                return
            self.send_response(int(said) if said in ("404", "500") else 200)
            self.end_headers()
            answer = {"errcode": said, "errmsg": "x"} if isinstance(said, int) else "<p>请登录</p>"
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    server.daemon_threads = True
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    settings.WEBHOOK_HOSTS = ["127.0.0.1", "qyapi.weixin.qq.com"]
    Robot.address = f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key=k"
    yield Robot
    over.set()
    server.shutdown()
    server.server_close()


def group(cast, robot, kind):
    unit = cast.class_group.unit
    officer = cast.street_officer
    return add_group(unit=unit, name="教师群", kind=kind, address=robot.address, made_by=officer)


def test_a_group_hears_of_the_class_and_of_no_learner(cancelled, cast, robot, clock):
    wecom = group(cast, robot, GroupKind.WECOM)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[wecom])
    robot.says.append(45009)  # too many in a minute
    send_due()
    delivery = notice.deliveries.get(way=Way.GROUP)
    assert delivery.state == DeliveryState.WAITING
    clock.on(minutes=1)
    send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (DeliveryState.SENT, 2)
    said = json.loads(robot.told[-1][0])
    assert said["msgtype"] == "text"
    assert "翠洲手机班" in said["text"]["content"]
    assert "陈" not in said["text"]["content"]


@pytest.fixture(params=[GroupKind.WECOM, GroupKind.RELAY])
def to_group(request, cancelled, cast, robot):
    """The delivery to a group of either kind, as it stands now."""
    to = group(cast, robot, request.param)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[to])
    return lambda: notice.deliveries.get(way=Way.GROUP)


@pytest.mark.parametrize("said", ["500", "silence"])
def test_what_may_have_been_said_is_not_said_twice(to_group, robot, clock, said):
    robot.says.append(said)
    send_due()
    for _hour in range(3):
        clock.on(hours=1)
        send_due()
    assert len(robot.told) == 1
    assert to_group().state == DeliveryState.UNSURE


def test_what_a_group_does_not_take_is_tried_again_and_then_given_up(to_group, robot, clock):
    clock("08:30")
    robot.says += ["404"] * 12
    for _try in range(12):
        send_due()
        clock.on(hours=3.1)
    assert to_group().state in {DeliveryState.FAILED, DeliveryState.WITHDRAWN}
    assert len(robot.told) == to_group().tries
    assert len(robot.told) >= 4


def test_where_nobody_listens_it_waits_and_goes_out_later(to_group, robot, clock, cast):
    there = to_group().group
    away = there.address.replace(urlsplit(there.address).netloc, "127.0.0.1:9")
    type(there).objects.update(address=away)
    send_due()
    assert to_group().state == DeliveryState.WAITING
    type(there).objects.update(address=there.address)
    clock.on(minutes=1)
    send_due()
    assert to_group().state == DeliveryState.SENT
    assert len(robot.told) == 1


def test_a_robot_that_is_gone_is_not_asked_again(cancelled, cast, robot, clock):
    notice = tell_class(
        cancelled, made_by=cast.teacher, groups=[group(cast, robot, GroupKind.WECOM)]
    )
    robot.says.append(93000)  # invalid webhook url
    send_due()
    clock.on(hours=1)
    send_due()
    assert len(robot.told) == 1
    assert notice.deliveries.get(way=Way.GROUP).state == DeliveryState.FAILED


def test_a_page_instead_of_an_answer_is_no_message_said(cancelled, cast, robot, clock):
    notice = tell_class(
        cancelled, made_by=cast.teacher, groups=[group(cast, robot, GroupKind.WECOM)]
    )
    robot.says.append("a page")
    send_due()
    assert notice.deliveries.get(way=Way.GROUP).state == DeliveryState.WAITING


def test_a_relay_knows_that_it_is_ours_and_which_it_is(cancelled, cast, robot):
    relay = group(cast, robot, GroupKind.RELAY)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[relay])
    send_due()
    body, headers = robot.told[-1]
    signed = hmac.new(relay.secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Yinling-Signature"] == signed
    assert json.loads(body)["id"] == notice.deliveries.get(way=Way.GROUP).handed_over_as


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/send",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com.elsewhere.example/",
        "https://10.0.0.1/",
    ],
)
def test_nothing_goes_where_no_setting_says(cast, robot, address, settings):
    with pytest.raises(GroupRefused):
        add_group(
            unit=cast.class_group.unit,
            name="群",
            kind=GroupKind.WECOM,
            address=address,
            made_by=cast.street_officer,
        )


def test_a_host_that_was_taken_out_of_the_setting_hears_nothing_more(
    cancelled, cast, robot, settings
):
    wecom = group(cast, robot, GroupKind.WECOM)
    told = len(robot.told)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[wecom])
    settings.WEBHOOK_HOSTS = []
    send_due()
    assert len(robot.told) == told
    assert notice.deliveries.get(way=Way.GROUP).state == DeliveryState.FAILED
