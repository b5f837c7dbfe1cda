"""Mail: its text, who may get it, the ways it goes out, and that it goes once.

    reminders_run   one run of the reminders
    weekly_run      one run of the weekly summary
    calendar_run    the deadlines kept as events in a calendar
    last_chased     when each agency was last reminded, and which drafts wait
    messages/       the facts put into words by the templates
    address_book    who may get mail: only those whom config.toml names
    posting         messages entered in the ledger, sent, and confirmed
    deliveries      what became of each message
    transport/      what an e-mail is, and the ways it goes out

A job makes messages, gives them to `posting.post`, shows what became of them and raises the posting's `refusal`.
"""
