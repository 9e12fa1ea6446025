"""Invented bureaus with planted truth, written as ordinary deliveries."""
