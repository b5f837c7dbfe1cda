"""From the rows of a workbook to the tracker as on one day, and to what is written back.

assess    the incidents, their clocks, their problems and what our columns say
status    the status columns of each sheet
plan      the cells of our columns whose value is to change
"""
