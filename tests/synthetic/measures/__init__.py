"""What can be measured of a drawn bureau: functions from a draw to a number, by subject."""
