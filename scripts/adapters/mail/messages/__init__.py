"""Facts put into words: the e-mails of this program.

templates           templates/emails/: the subject, the text and the HTML of every message
template_check      mistakes in them, found without a message to send
wording             how steps, reviews and counts are written; the templates use most of it as filters
reminders           the daily list, the day 4 call, the notices of a referral and to the Director, and the chasers
weekly_summary      the summary for SLT, with its pictures
scoping_request     the covering e-mail of an Initial Scoping template
calendar_file       one deadline as a calendar file
"""
