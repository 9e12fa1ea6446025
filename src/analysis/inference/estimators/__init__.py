"""The estimators: each takes the complete cases of a design and returns one Fitted."""
