"""Redis as Django's cache, which holds nothing while Redis is away: a page is rendered anew then,
and nothing fails. It counts tries too, and says when it cannot (lms/limits.py)."""

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

logger = logging.getLogger(__name__)

#: A server on the same network answers within a millisecond.
CONNECT_SECONDS: Final = 0.3
ANSWER_SECONDS: Final = 0.5
#: How long Redis is left alone after it did not answer: else every request would wait for it.
LEFT_ALONE_SECONDS: Final = 1.0

#: Each key has the moments that were counted, the newest first. 1 where another one is allowed by
#: every limit, and counts then; 0 where any refuses, and nothing counts. Redis does nothing else
#: meanwhile, so that of two at once each sees the other.
COUNT: Final = """
local now, counts = ARGV[1], ARGV[2] == "1"
for i, key in ipairs(KEYS) do
  local most, gone = tonumber(ARGV[2 * i + 1]), tonumber(now) - tonumber(ARGV[2 * i + 2])
  local oldest = redis.call("LINDEX", key, -1)
  while oldest and tonumber(oldest) <= gone do
    redis.call("RPOP", key)
    oldest = redis.call("LINDEX", key, -1)
  end
  if redis.call("LLEN", key) >= most then return 0 end
end
if counts then
  for i, key in ipairs(KEYS) do
    redis.call("LPUSH", key, now)
    redis.call("EXPIRE", key, math.ceil(tonumber(ARGV[2 * i + 2])))
  end
end
return 1
"""

#: The seconds of `monotonic` until which it is left alone; None: it answered last time. One for the
#: whole process, whose threads each have a cache of their own.
away_until: dict[str, float] = {}


class KeptClient(RedisCacheClient):
    """Asks by one client: Django makes one for each question, which costs as much as the question.
    Each has the connections of all, and may be asked by several threads."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once_more = Retry(NoBackoff(), 1)  # a connection from before a restart of Redis
        options = {
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "retry": once_more,
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = KeptClient
        self.server = server

    def ask(self, command: Callable[..., Any], nothing: Any, *args: Any, **named: Any) -> Any:
        """What Redis answers; `nothing` while it is away."""
        from redis.exceptions import RedisError

        if away_until.get(self.server, 0) > monotonic():
            return nothing
        try:
            answer = command(*args, **named)
        except (RedisError, OSError) as error:
            if self.server not in away_until:
                logger.error("Redis is away, nothing is kept until it is back: %s", error)
            away_until[self.server] = monotonic() + LEFT_ALONE_SECONDS
            return nothing
        if away_until.pop(self.server, None) is not None:
            logger.warning("Redis is back.")
        return answer

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self.ask(super().get, default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self.ask(super().get_many, {}, keys, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self.ask(super().has_key, False, key, version))

    def add(self, key: Any, value: Any, *args: Any, **named: Any) -> bool:
        return bool(self.ask(super().add, False, key, value, *args, **named))

    def set(self, key: Any, value: Any, *args: Any, **named: Any) -> None:
        self.ask(super().set, None, key, value, *args, **named)

    def set_many(self, data: Any, *args: Any, **named: Any) -> Any:
        return self.ask(super().set_many, list(data), data, *args, **named)

    def touch(self, key: Any, *args: Any, **named: Any) -> bool:
        return bool(self.ask(super().touch, False, key, *args, **named))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self.ask(super().delete, False, key, version))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self.ask(super().delete_many, None, keys, version)

    def count(
        self, limits: Mapping[str, tuple[int, float]], *, now: float, only_look: bool
    ) -> bool | None:
        """Whether one more is allowed at this moment (seconds, as time.time has them) by each of
        these limits: so many in so many seconds, by key. It is counted then, unless `only_look`.
        One question; None while Redis is away."""
        keys = [self.make_and_validate_key(key) for key in limits]
        numbers = [each for limit in limits.values() for each in limit]
        client = self._cache.get_client(None, write=True)
        counts = int(not only_look)
        answer = self.ask(client.eval, None, COUNT, len(keys), *keys, repr(now), counts, *numbers)
        return None if answer is None else bool(answer)
