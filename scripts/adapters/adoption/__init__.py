"""Adopting a council's own workbook: its pages read, the doubtful asked about, the settings written, all reported."""
