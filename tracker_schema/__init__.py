"""What the tracker means: its columns, its clocks, and what may be wrong with it.

Pure: nothing here opens a file of the council's, asks the network, or looks at the time of day.
"""

__version__ = "0.1.0"
"""The version of the whole program, as its mail and documents name it."""
