"""What can stop a job, as one family of exceptions that carry their exit code.

    TrackerError            1  something nobody foresaw
    ├── SchemaError         1  a slip in columns.toml, clocks.toml or bank_holidays.json
    ├── UsageError          2  the command line or the configuration is wrong
    ├── TrackerUnusable     3  the tracker is missing, encrypted, damaged, or has no such sheet or heading
    │   └── SignInRefused   3  Microsoft 365 does not let this program in
    ├── TrackerBusy         4  somebody has the tracker open; the next run catches up
    │   ├── TrackerChanged  4  the tracker is no longer what was read; a caller reads and plans again
    │   └── TrackerUnreachable
    │                       4  SharePoint cannot be reached, or has no time for us; the next run settles what is open
    └── MailNotSent         5  a message did not go to everybody, or nobody knows whether it did

Each carries two fields: `problem`, a sentence that says what is wrong and where, and `remedy`, a sentence that says
what to do about it ("" when there is nothing to do). Neither holds what a personal cell says.
"""

from __future__ import annotations


class TrackerError(Exception):
    """Anything this project raises on purpose."""

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()


class SchemaError(TrackerError):
    """One of this package's own data files is wrong; the message names the file and the entry."""


class UsageError(TrackerError):
    """The command line or the configuration asks for something that cannot be done."""

    exit_code = 2


class TrackerUnusable(TrackerError):
    """The tracker cannot be read as a tracker, or cannot be written without harming it."""

    exit_code = 3


class SignInRefused(TrackerUnusable):
    """Microsoft 365 does not let this program in: a wrong, expired or missing credential, or no consent."""


class TrackerBusy(TrackerError):
    """Somebody else has the tracker; the next run writes what this one could not."""

    exit_code = 4


class TrackerChanged(TrackerBusy):
    """Somebody changed the tracker between our read and our write; the caller reads and plans again."""


class TrackerUnreachable(TrackerBusy):
    """SharePoint cannot be reached or has no time for us; the next run settles whatever is left open."""


class MailNotSent(TrackerError):
    """A message did not go to all of its recipients, or it is not known whether it did; the ledger says which."""

    exit_code = 5
