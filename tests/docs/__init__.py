"""The guide for Heads of Service: its pictures, and that what it says is so."""
