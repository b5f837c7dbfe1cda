"""The day-by-day explanation through its command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scripts import explain_deadline
from tests.scripts.trackers import AS_OF, address_of, incident, save_tracker, told
from tracker_schema.errors import UsageError


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    sent = [
        {"reference": "CI-2026-001", "agency": agency, "sent": dt.date(2026, 12, 22), "returned": None}
        for agency in ("Police", "Primary school")
    ]
    return save_tracker(
        tmp_path / "t.xlsx",
        [
            incident("CI-2026-001", aware_date=dt.date(2026, 12, 24)),  # the Thursday before Christmas
            incident("CI-2026-002", abuse_or_neglect="No"),
        ],
        scoping=sent,
    )


def explain(tracker: Path, *arguments: str, as_of: dt.date = AS_OF) -> int:
    return explain_deadline.main([*arguments, "--tracker", str(tracker), "--as-of", as_of.isoformat()])


def test_each_day_is_counted_or_says_why_not(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(tracker, "ci-2026-001", "--clock", "notify_panel", as_of=dt.date(2026, 12, 30)) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "CI-2026-001: Notify the national Panel"
    assert "“Date aware” in Incidents!E5" in shown
    assert "statutory guidance" in shown
    days = [" ".join(line.split()) for line in shown.splitlines() if line.startswith(tuple(f"  {day}" for day in DAYS))]
    assert days == [
        "Thursday 24 December 2026 day 0 the clock starts",
        "Friday 25 December 2026 - Christmas Day",
        "Saturday 26 December 2026 - weekend",
        "Sunday 27 December 2026 - weekend",
        "Monday 28 December 2026 - Boxing Day (substitute day)",
        "Tuesday 29 December 2026 day 1",
        "Wednesday 30 December 2026 day 2 today",
        "Thursday 31 December 2026 day 3",
        "Friday 1 January 2027 - New Year’s Day",
        "Saturday 2 January 2027 - weekend",
        "Sunday 3 January 2027 - weekend",
        "Monday 4 January 2027 day 4",
        "Tuesday 5 January 2027 day 5 due",
    ]


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def test_closure_days_and_day_1_by_config(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("config.toml").write_text(
        "[clocks]\nclosure_days = [2026-12-29]\n[clocks.notify_panel]\nhonours_closures = true\ncount_from = 1\n"
    )
    assert explain(tracker, "CI-2026-001", "--clock", "notify_panel", "--json") == 0
    clock = told(capsys.readouterr().out)["clocks"][0]
    assert clock["days"][0] == {"date": "2026-12-24", "counted": 1, "why_not": None}
    assert {"date": "2026-12-29", "counted": None, "why_not": "council closed"} in clock["days"]
    assert clock["due"] == "2027-01-05"
    assert "the day itself is day 1" in clock["rule"]


def test_the_json_and_the_check_agree_on_every_deadline(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from scripts import check_tracker

    check_tracker.main(["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--json", "--dry-run"])
    checked = {clock["id"]: clock for clock in told(capsys.readouterr().out)["incidents"][0]["clocks"]}
    explain(tracker, "CI-2026-001", "--json")
    explained = {clock["id"]: clock for clock in told(capsys.readouterr().out)["clocks"]}
    started = {name for name, clock in checked.items() if clock["state"] != "not started"}
    assert explained.keys() - {"scoping_return"} == started
    for name in started:
        assert explained[name]["due"] == checked[name]["due"]
        assert explained[name]["state"] == checked[name]["state"]
        assert explained[name]["days"][-1]["date"] == checked[name]["due"]


def test_each_agency_has_its_own_return_date(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(tracker, "CI-2026-001", "--clock", "scoping_return", "--json") == 0
    clocks = told(capsys.readouterr().out)["clocks"]
    assert [clock["of"] for clock in clocks] == ["CI-2026-001, Police", "CI-2026-001, Primary school"]
    assert {clock["due"] for clock in clocks} == {"2026-12-31"}
    assert clocks[0]["anchor"] == {"date": "2026-12-22", "heading": "Sent", "cell": "Scoping!C5"}


def test_a_clock_that_does_not_run_says_why(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(tracker, "CI-2026-002", "--clock", "notify_panel") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "none of these clocks runs" in shown
    assert "does not apply: it runs only when the decision is to notify the Panel" in shown
    assert explain(tracker, "CI-2026-001") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Send the rapid review to the Panel (send_rapid_review) is not worked out" in shown


def test_a_pause_is_shown_day_by_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided = {"review_decision": "Local review", "review_decided": dt.date(2026, 5, 26), "review_published": None}
    row = incident("CI-2026-003", **decided, paused_until=dt.date(2026, 11, 30), pause_reason=None)
    tracker = save_tracker(tmp_path / "paused.xlsx", [row])
    as_of = dt.date(2026, 11, 25)  # the day before the deadline
    assert explain(tracker, "CI-2026-003", "--clock", "publish_local_review", as_of=as_of) == 0
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert shown[-8:-1] == [
        "Tuesday 24 November 2026 day 182",
        "Wednesday 25 November 2026 day 183 today, paused",
        "Thursday 26 November 2026 day 184 due, paused",
        "Friday 27 November 2026 paused, after the deadline",
        "Saturday 28 November 2026 paused, after the deadline",
        "Sunday 29 November 2026 paused, after the deadline",
        "Monday 30 November 2026 the pause ends, the deadline has not moved",
    ]
    assert any(line.startswith("State paused until Monday 30 November 2026, “Paused until” in ") for line in shown)
    assert any("no reason is recorded" in line for line in shown)
    explain(tracker, "CI-2026-003", "--clock", "publish_local_review", "--json", as_of=as_of)
    (clock,) = told(capsys.readouterr().out)["clocks"]
    assert (clock["state"], clock["pause"]["until"]["date"], clock["pause"]["reason_recorded"]) == (
        *("paused", "2026-11-30"),
        False,
    )


def test_a_clock_that_cannot_be_told_says_which_fact_is_missing_and_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided = {"decision": "Notify Panel", "decision_date": dt.date(2026, 11, 20), "outcome": "Death"}
    tracker = save_tracker(tmp_path / "unknown.xlsx", [incident("CI-2026-003", **decided, looked_after=None)])
    cell = address_of(tracker, "looked_after", 5)
    assert explain(tracker, "CI-2026-003", "--clock", "notify_ofsted") == 0
    assert f"cannot tell: “Looked after” ({cell}) is not known" in " ".join(capsys.readouterr().out.split())
    explain(tracker, "CI-2026-003", "--clock", "notify_ofsted", "--json")
    assert told(capsys.readouterr().out)["clocks"][0]["unknown"] == [{"heading": "Looked after", "cell": cell}]


def test_a_fact_that_the_tracker_has_no_column_for_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker = save_tracker(tmp_path / "without.xlsx", [incident("CI-2026-003", outcome="Death", ofsted_notified=None)])
    assert explain(tracker, "CI-2026-003", "--clock", "notify_ofsted") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "may apply: nobody can tell while “Looked after” (the tracker has no column for it) is not known." in shown


def test_the_next_slt_meeting_has_a_rule_of_its_own(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(tracker, "CI-2026-002", "--clock", "discuss_at_slt") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "the first SLT meeting after that day" in shown
    assert "Due Tuesday 24 November 2026" in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("CI-2026-02",), "Did you mean “CI-2026-002”"),
        (("nonsense",), "Reference column"),
        (("CI-2026-001", "--clock", "notify_pannel"), "Did you mean “notify_panel”"),
        (("CI-2026-001", "--clock", "zzz"), "rapid_review"),
    ],
)
def test_what_is_not_there_is_said_with_what_may_be_meant(tracker: Path, arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        explain(tracker, *arguments)
