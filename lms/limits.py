"""How often something may be done; `settings.RATE_LIMITS` says how often.

Over a span that moves along, and what was refused does not count. Redis counts by itself, in one
question; in any other cache django-allauth counts, as it does for signing in. Its counter is not
public, so nothing else of ours may touch it (docs/decisions/022-rate-limits.md).
"""

import time

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from lms.caching import ForgivingRedisCache

#: A whole class, or the teachers of a district, may come from one address in the same second, and
#: are counted one after the other. Whoever is not counted within this is refused: allauth's own
#: second turned away phones that no limit did.
ratelimit.CACHE_LOCK_WAIT_TIMEOUT = 10
#: Part of the keys in Redis, other than those of allauth, which keeps its moments in another form.
COUNTED = "counted"


def allows(
    request: HttpRequest, action: str, *, key: str | None = None, only_look: bool = False
) -> bool:
    """Count one more of these and say whether it is allowed; with `only_look`, whether another one
    would be. `key` is what limits by "key" count by. Raises KeyError for an action without limits.

    While Redis is away nobody counts: what could be guessed is closed then, the rest open.
    """
    config = {action: settings.RATE_LIMITS[action]}
    cache = caches["default"]
    if isinstance(cache, ForgivingRedisCache):
        rates = ratelimit.get_rates(app=COUNTED, action=action, config=config)
        limits = {
            ratelimit.get_cache_key(request, app=COUNTED, action=action, rate=rate, key=key): (
                rate.amount,
                rate.duration,
            )
            for rate in rates
        }
        allowed = cache.count(limits, now=time.time(), only_look=only_look)
        return action not in settings.CLOSED_UNCOUNTED if allowed is None else allowed
    usage = ratelimit.consume(
        request,
        app="lms",
        action=action,
        config=config,
        key=key,
        dry_run=only_look,
        limit_get=True,
    )
    return usage is not None


def refuse(request: HttpRequest) -> HttpResponse:
    """The page that says in words to wait a while, with status 429."""
    response: HttpResponse = ratelimit.respond_429(request)
    return response


def client_address(request: HttpRequest) -> str:
    """What limits by "ip" count by: the client's address as the trusted proxies tell it, of IPv6
    the /64. Raises PermissionDenied when there is none."""
    return str(ratelimit.get_ip(request))
