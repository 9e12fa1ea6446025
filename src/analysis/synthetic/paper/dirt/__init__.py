"""How a true table gets dirty on paper: cells written otherwise, rows that should not be there, all of it noted."""
