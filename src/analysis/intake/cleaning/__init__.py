"""From text to typed values: one small cleaner per kind of variable."""
