"""Pictures in documents and mail, drawn with Pillow.

    style              styles of shapes, one font, sizes in millimetres
    painter            boxes, bars, lines and texts on a picture
    flowchart          the process with the stages of a case marked; flowchart_layout places its boxes and arrows
    timeline           every clock of a case; day_scale places the dates
    deadlines          the picture of the weekly summary

The font, which comes with matplotlib, takes a while to load, so each function that needs it imports it.
"""
