"""What an e-mail is, and the ways it goes out.

message         one message: what it is about, to whom, its text, pictures and attachments
mime            a message as an e-mail
transport       what every way of sending promises, and the two ways in which sending fails
drafts          a folder of .eml files that a person opens and sends
smtp_relay      the council's mail relay
graph_mailbox   a mailbox in Microsoft 365
choice          the relay or the mailbox, as config.toml names it
"""
