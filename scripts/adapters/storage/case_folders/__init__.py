"""A folder for each case, where the tracker lives: on disk or in the same SharePoint library.

folders     what both can do
on_disk     a folder of a disk, or one that OneDrive syncs
in_library  a folder of the tracker's SharePoint library
"""
