"""Mail: what a message is, who may get it, the ways it goes out, and that it goes once.

    message         a message: what it is about, for whom, its text, pictures and attachments
    address_book    who may get mail: nobody but those whom config.toml names
    mime            a message as the e-mail that goes out
    drafts          a folder of .eml files that a person opens and sends
    smtp_relay      the council's mail relay
    graph_mailbox   a mailbox in Microsoft 365
    transports      which of these three it is, and what each of them tells of a message
    posting         messages entered in the ledger, sent, and confirmed; what a job reports of it

A job makes messages, gives them to `posting.post`, shows what came of it and raises its `refusal`.
"""
