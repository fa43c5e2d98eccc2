from django.db import models


class Heartbeat(models.Model):
    """When a part that works out of sight was last alive: the clock, or any worker of a queue."""

    part = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.at:%Y-%m-%d %H:%M:%S}"
