"""The checks an estimate must carry: each returns a Check with value, verdict and what it costs."""
