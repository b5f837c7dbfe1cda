"""How a log may be laid out, and how rows and sheets of any layout become one row for each incident and each child."""
