"""What these tests share with those of jobs."""

from tests.scripts.conftest import run_here  # noqa: F401
