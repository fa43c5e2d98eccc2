"""A television and a phone that lets it in."""

from django.urls import reverse

CONFIRM, FINISH, PAIR, WHO = (
    reverse(f"tv:{name}") for name in ("confirm", "finish", "pair", "who")
)


def begin(television):
    """What stands on the screen."""
    return television.post(PAIR).context["offer"]


def let_in(phone, offer, **more):
    return phone.post(CONFIRM, {"code": offer.code, "match": offer.match, **more})


def user_on(client):
    return client.get("/tv/").wsgi_request.user
