"""Where a tracker lives, how it is read, and how a change to it is written safely.

store             Snapshot, and Store: what every place that keeps a tracker can do
local_store       a file on this computer, or in a folder that OneDrive syncs
sharepoint_store  a file in a SharePoint library, while people have it open
atomic_write      write a file whole or not at all
exchange          put a new version in place without losing what somebody saves at that moment
backups           dated copies of earlier versions
locks             keep two runs of this program apart
lock_files        who has a workbook open in Excel or LibreOffice
case_folders      a folder for each case beside the tracker
local_disk        is a file on a disk of this computer?
"""
