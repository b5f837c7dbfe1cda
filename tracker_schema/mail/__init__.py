"""What mail says and when, worked out from a tracker.

deadlines           every open deadline, as lists show it
daily_list          what needs the Head of Service for Safeguarding today
waiting             the cases whose stage has no deadline, and paused reviews
calls               the call to the Heads of Service about an incident without a decision
referrals           the notice to an operational Head of Service
escalations         the notice to the Director that a statutory date has passed
chasers             the reminders to agencies
summary             the weekly summary for SLT, with its events, slt_meetings and data_quality
calendar_entries    the deadlines as entries of a calendar
periods             which job is due when
"""
