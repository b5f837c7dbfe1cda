"""A Microsoft Graph on this machine: files, workbooks, mail and sign-in as the tools meet them.

    server      GraphServer: the web server, and how a test sets faults, hooks and the moment of a crash
    redirect    sends what `requests` would send to Microsoft to the server instead
    fixtures    the pytest fixtures, which are what a test asks for

From the inside out: `typing_in` is what Excel makes of typed text; `books` reads a workbook and `entering` writes into
one; `people` is what somebody does to the file meanwhile; `files` keeps sites, libraries and items. `drives`, `excel`,
`mail` and `entra` answer requests, with `properties` and `ranges` for what they show, `access` for what a token allows
and `assertions` for who signed; `exchange` is a request and its answer, `faults` what goes wrong, `web` connections.
"""
