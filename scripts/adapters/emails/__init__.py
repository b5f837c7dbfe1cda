"""What e-mails say: from facts and the templates in templates/emails/ to messages. How they go out is `mail`.

    templates         the templates, rendered so that what a cell says is only ever text
    wording           how steps, reviews and counts are put in words; what the templates call filters
    weekly_summary    the SLT summary as a message, and as a page to look at
    calendar_file     the coming deadlines as an .ics file
    reminders         the daily list, the day-4 call, word of a referral, and the chasers as messages

jinja2, css-inline and icalendar are loaded when something is rendered, so each function that needs them imports them.
"""
