"""What e-mails say: from facts and the templates in templates/emails/ to messages. How they go out is `mail`.

    templates         the templates, rendered so that what a cell says is only ever text
    trying            the templates looked through for slips, for doctor
    wording           how steps, reviews and counts are put in words; what the templates call filters
    weekly_summary    the SLT summary in words and pictures, and as a page to look at
    weekly_run        one run of it: read, summed up, written, sent once, remembered
    calendar_file     the coming deadlines as an .ics file
    reminders         the daily list, the day-4 call, word of a referral, and the chasers as messages
    reminders_run     one run of them, up to “Last chased” in the tracker

jinja2, css-inline and icalendar are loaded when something is rendered, so each function that needs them imports them.
"""
