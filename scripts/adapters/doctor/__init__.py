"""What `doctor` looks at: everything that can be wrong before the first real run, each with its remedy.

    checks          a check, what it finds, and how a row of them is carried out
    examined        what is examined, and what the checks so far have learnt of it
    this_computer   Python, packages, time zone data, bank holidays
    settings        config.toml
    templates       the templates of documents, each filled in with made-up cases, and those of e-mails
    local_file      a tracker on this computer: the file, who has it open, its folder, the folder for copies
    signing_in      Microsoft 365 is reached, the clock, the secrets, the certificate, the sign-in, its permissions
    sharepoint      a tracker in SharePoint: site, library, file, write permission, how it will be written
    tracker         what is in the workbook: headings, clocks, status columns
    trial_copy      a copy beside a tracker in SharePoint, which is removed again
    smoke           the checklist for a new tenant, on such a copy; smoke_cells is its part about Excel's service, and
                    smoke_mail the one about mail
    mail            the folder for drafts or the way out, who is to get it, the ledger, the timetable
    moment          what time it is by this computer's clock
    examination     all of these in their order
    report          the table, the JSON object and the exit code

To add a check, write one function under `@check` and name it in the tuple CHECKS of its module.
"""
