"""How timely notifications were, and what of the tracker may be passed on."""
