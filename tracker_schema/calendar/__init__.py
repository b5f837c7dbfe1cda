"""Working days.

working_days          the calendar: which days count, and how many there are between two dates
bank_holidays.json    the bank holidays of England and Wales, as GOV.UK publishes them
"""
