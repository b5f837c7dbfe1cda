"""The checks of `doctor`: everything that can be wrong before the first real run, each with its remedy.

    checks          a check, its answers, and how checks are run
    examined        the installation, and what earlier checks have found out
    this_computer   Python, packages, time zone data, bank holidays
    settings        config.toml                     templates   of documents and e-mails, tried with made-up cases
    local_file      a tracker on this computer      tracker     headings, clocks, status columns
    signing_in      Microsoft 365, the clock, the secrets, the certificate, the sign-in, its permissions
    sharepoint      a tracker in SharePoint         smoke       the checklist for a new tenant, on a copy of it
    mail            transport, recipients, ledger, timetable
    examination     all checks in their order       report      the table, the JSON object, the exit code

To add a check, write a function under `@check` and name it in the tuple CHECKS of its module.
"""
