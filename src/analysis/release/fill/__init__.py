"""Fills the placeholders of a draft with counts of the region's data, and says of each where it is from."""
