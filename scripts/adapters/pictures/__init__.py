"""Pictures in documents and mail, drawn with matplotlib.

    style              styles of shapes, one font, sizes in millimetres, PNGs with the same bytes on every run
    painter            boxes, bars, lines and texts on a picture
    flowchart          the process with the stages of a case marked; flowchart_layout places its boxes and arrows
    timeline           every clock of a case; day_scale places the dates
    deadlines          the two pictures of the weekly summary

matplotlib takes half a second to load, so each function that needs it imports it.
"""
