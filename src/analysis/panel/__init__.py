"""From typed tables to one row per teacher and year."""
