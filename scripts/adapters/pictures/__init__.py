"""Pictures for people: what they share, and each kind of them.

    style              looks that are never colour alone, one font, sizes in millimetres, the same bytes on every run
    painters           the same shapes on matplotlib's axes and as an SVG
    flowchart          the process, with “we are here” for a case; flowchart_layout says where everything goes
    timeline           every clock of a case; day_scale says where each day stands

matplotlib takes half a second to load, so each function that needs it imports it.
"""
