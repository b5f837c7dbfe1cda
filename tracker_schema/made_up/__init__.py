"""Made-up trackers: the incidents of the demo, and as many plausible ones as are asked for."""

from tracker_schema.made_up.cases import Formula, Row, Rows, cases
from tracker_schema.made_up.sample import sample

__all__ = ["Formula", "Row", "Rows", "cases", "sample"]
