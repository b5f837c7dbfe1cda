"""The made-up incidents of the demonstration.

cases    each incident with its agencies and actions, around one day
"""

from tracker_schema.made_up.cases import Formula, Row, Rows, cases

__all__ = ["Formula", "Row", "Rows", "cases"]
