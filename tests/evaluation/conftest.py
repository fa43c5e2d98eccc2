"""March 2026 in two streets, as the reports have it."""

from tests.reports.conftest import march

__all__ = ["march"]
