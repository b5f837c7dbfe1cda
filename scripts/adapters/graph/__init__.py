"""Microsoft Graph, through which a tracker in SharePoint is read and written and mail is sent.

    calls          one request at a time, repeated where that does no harm, with an error for each failure
    errors         those errors
    session        the HTTP session: time limits, the certificates of this computer, no web pages
    sign_in        tokens: by a certificate, a client secret, or a person's stored sign-in
    certificates   the certificate's files
    token_cache    the person's stored sign-in
    aadsts_errors  what a refused sign-in means
    drive_item     the workbook: by site, library and path, or by a sharing link
    download       its bytes, compared with the version that they are to be
    calendar_events  deadlines as events of a calendar
    excel/         Excel's own service: cells changed while people have the workbook open

office365, msal and requests take a second to load, so each function that needs them imports them. A check of a local
file never does.
"""
