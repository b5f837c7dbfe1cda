"""Excel's own service: read and write single cells while people have the workbook open.

cells         carry out a plan; what a refusal of the service means
sessions      a session on one workbook
open_sheet    one worksheet of it: requests
live_sheet    what that worksheet holds at this moment
status_cells  write our own columns
user_cells    fill people's empty cells, add rows below their log
excel_values  what to send so that Excel stores exactly what we mean
ranges        few requests for many cells
"""
