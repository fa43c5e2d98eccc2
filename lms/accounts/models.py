"""Who: people who sign in. Learners need no account to learn."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in. Present from the first migration, so that it can grow."""

    def get_full_name(self) -> str:
        """Family name first and no space between, as Chinese names are written; may be empty."""
        return f"{self.last_name}{self.first_name}".strip()

    def is_office(self) -> bool:
        """Whether this is staff: whoever may enter the Wagtail admin. Teachers are not."""
        return self.is_staff or self.has_perm("wagtailadmin.access_admin")
