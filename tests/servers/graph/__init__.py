"""A Microsoft Graph on this machine: files, workbooks, mail and sign-in as the tools meet them.

server      GraphServer: the web server, and how a test sets faults, hooks and the moment of a crash
redirect    sends what `requests` would send to Microsoft to the server instead
fixtures    the pytest fixtures, which are what a test asks for
exchange    a request and its response
faults      what goes wrong
web         connections
files/      sites, libraries and files, and what people do to a file meanwhile
excel/      Excel's service: it reads a workbook, and writes into it as if somebody typed
entra/      sign-in: tokens, what each token allows, and certificates
mail        mailboxes
"""
