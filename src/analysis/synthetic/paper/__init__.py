"""What an invented bureau delivers: its truth written down by an office, in files, with their untidiness."""
