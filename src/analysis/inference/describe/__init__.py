"""What is, counted and pooled: ratios of the lists, cells of need and supply, which of several gaps is the largest."""
