"""The documents of the process: what there is, what each holds and asks, and what a case fills in."""
