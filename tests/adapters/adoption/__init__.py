"""Logs as councils keep them, all made up, and adopting them."""
