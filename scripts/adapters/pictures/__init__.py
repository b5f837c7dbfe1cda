"""Pictures for people: what they share, and each kind of them.

    style       colours that are never alone, one font, sizes in millimetres, the same bytes on every run

matplotlib takes half a second to load, so each function that needs it imports it.
"""
