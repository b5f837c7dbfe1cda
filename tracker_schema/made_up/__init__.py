"""The made-up incidents of the demonstration.

cases      the rows of every sheet, around one day
stories    each incident
steps      the steps of the process, of which the stories are made
answers    the answers in completed forms
tracker    the cases as a workbook that was read, without a file
"""

from tracker_schema.made_up.cases import cases
from tracker_schema.made_up.steps import Formula, Row, Rows

__all__ = ["Formula", "Row", "Rows", "cases"]
