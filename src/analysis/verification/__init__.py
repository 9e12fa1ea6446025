"""Published numbers and planted effects, through the estimators that reports are made with."""
