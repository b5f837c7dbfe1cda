"""What is entered into the tracker for people: into empty cells of theirs, and in new rows."""
