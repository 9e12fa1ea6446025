"""What makes answers usable: response quality, scales, weights; and test scores of several waves."""
