"""What mail says and when, worked out from a tracker.

deadlines           every open deadline, as lists show it
daily_list          what needs the Head of Service for Safeguarding today
calls               the call to the Heads of Service about an incident without a decision
referrals           the notice to an operational Head of Service
chasers             the reminders to agencies
summary             the weekly summary for SLT, with its events, slt_meetings and data_quality
calendar_entries    the deadlines as entries of a calendar
periods             which job is due when
"""
