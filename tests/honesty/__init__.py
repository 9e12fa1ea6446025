"""`make honesty`: how often the estimators and grades are right, on panels whose truth is known."""
