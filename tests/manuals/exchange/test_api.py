"""What other programs may read of manuals: what is live, and nothing else."""

import io

import pytest
from django.urls import reverse

from lms.manuals.choices import OrganisationState
from lms.manuals.exchange.packages import read_package
from lms.manuals.models import Manual

pytestmark = pytest.mark.django_db

API = "/manuals/api/"


@pytest.fixture
def manual(make_manual, publish):
    return publish(make_manual())


def test_it_lists_what_is_live_and_says_where_people_read_it(manual, make_manual, client):
    make_manual(model="KL-2")
    answer = client.get(API + "manuals").json()
    assert (answer["count"], answer["next_page"]) == (1, None)
    [told] = answer["manuals"]
    assert told["code"] == manual.short_code
    assert told["url"] == f"http://testserver{manual.get_short_url()}"
    assert (told["overdue"], told["maker_has_left"]) == (False, False)


def test_one_manual_has_its_words_and_where_its_pictures_are(manual, client):
    told = client.get(f"{API}manuals/{manual.short_code.lower()}").json()
    step = told["manual"]["tasks"][0]["steps"][0]
    assert step["words"] == "按绿色的键。"
    assert client.get(told["pictures"][step["picture"]]).status_code == 200


def test_the_package_is_one_that_comes_in_again(manual, client):
    told = client.get(f"{API}manuals/{manual.short_code}").json()
    answer = client.get(told["package_url"])
    assert answer["Content-Type"] == "application/zip"
    package = read_package(io.BytesIO(answer.content))
    assert package.document.product.model == manual.product.model


def test_what_nobody_sees_in_old_words_stays_behind_and_breaks_nothing(manual, cast, client):
    version = manual.published_version
    version.tasks.get().steps.update(words="按\u200b绿色\ufeff的键。👨\u200d👩")
    type(version).objects.filter(pk=version.pk).update(title="手机\u202e怎么用")
    type(manual.product).objects.update(name="手\u00ad机")
    told = client.get(f"{API}manuals/{manual.short_code}").json()
    answer = client.get(told["package_url"])
    document = read_package(io.BytesIO(answer.content)).document
    assert document.tasks[0].steps[0].words == "按绿色的键。👨👩"
    assert (document.title, document.product.name) == ("手机怎么用", "手机")
    assert told["manual"] == document.model_dump(mode="json")
    client.force_login(cast.maker)
    taken = client.get(reverse("workbench:take_out", args=[manual.pk]))
    assert read_package(io.BytesIO(taken.content)).document == document


def test_a_name_of_which_nothing_can_be_seen_breaks_nothing_either(manual, client):
    type(manual.product).objects.update(name="\u200b")
    told = client.get(f"{API}manuals/{manual.short_code}")
    assert told.json()["manual"]["product"]["name"] == ""


def test_what_is_not_live_cannot_be_had(manual, make_manual, cast, client):
    draft = make_manual(model="KL-2")
    hidden = [draft.short_code, "222222", "长"]
    cast.organisation.state = OrganisationState.SUSPENDED
    cast.organisation.save()
    for code in (*hidden, manual.short_code):
        for rest in ("", "/package.zip"):
            assert client.get(f"{API}manuals/{code}{rest}").status_code == 404
    assert client.get(API + "manuals").json()["manuals"] == []
    cast.organisation.state = OrganisationState.CLOSED
    cast.organisation.save()
    assert client.get(API + "manuals").json()["manuals"][0]["maker_has_left"] is True


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "phone"}, 1),
        ({"kind": "medical"}, 0),
        ({"published_since": "2020-01-01T00:00:00Z"}, 1),
        ({"published_since": "2099-01-01T00:00:00Z"}, 0),
        ({"page": 2}, 0),
    ],
)
def test_it_can_be_asked_for_less(manual, client, query, found):
    assert len(client.get(API + "manuals", query).json()["manuals"]) == found


@pytest.mark.parametrize(
    "query", [{"kind": "gun"}, {"page": 0}, {"page": "x"}, {"published_since": "x"}]
)
def test_a_question_that_is_none_is_refused(manual, client, query):
    assert client.get(API + "manuals", query).status_code == 422


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(manual, client, method):
    for path in (API + "manuals", f"{API}manuals/{manual.short_code}"):
        assert getattr(client, method)(path).status_code == 405
    assert Manual.objects.count() == 1


def test_it_is_described_and_names_nobody_who_writes(manual, cast, client):
    described = client.get(API + "openapi.json").json()
    assert set(described["paths"]) == {
        "/manuals/api/manuals",
        "/manuals/api/manuals/{code}",
        "/manuals/api/manuals/{code}/package.zip",
    }
    schema = client.get(API + "manual.schema.json").json()
    assert schema["title"] == "Document"
    told = client.get(f"{API}manuals/{manual.short_code}").content.decode()
    assert cast.maker.username not in told.replace("maker_has_left", "").replace('"maker"', "")


def test_one_address_asks_so_often_and_no_more(client, settings):
    settings.RATE_LIMITS = {"manuals_api": "3/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    said = ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.9"]  # by our own proxy
    statuses = [
        client.get(API + "manuals/222222", headers={"X-Forwarded-For": f"10.1.2.{n}, {address}"})
        for n, address in enumerate(said)  # what stands before it anybody may write
    ]
    assert [each.status_code for each in statuses] == [404, 404, 404, 429, 404]
