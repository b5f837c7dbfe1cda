"""Reading somebody else's log: which of its headings is which column, and what its words for the choices mean."""
