"""Microsoft Graph, through which a tracker in SharePoint is read and written.

    sign_in        who we are: a certificate, a client secret, or a person's sign-in that is kept
    calls          one request at a time, repeated where that does no harm, each failure told in a sentence
    places         where the file is: by site, library and path, or by a sharing link
    excel_values   what to send so that Excel stores exactly what we mean
    live_sheet     a worksheet as it is this moment, while people work in it
    page           what Excel's own service is asked and told about one worksheet
    our_columns    our columns of it written, while people have the workbook open
    peoples_cells  empty cells of people's filled for them, and rows added below their log
    cells          all of a plan carried out so, and what a refusal of that service means

office365, msal and requests take a second to load, so each function that needs them imports them: a check of a local
file never does.
"""
