"""From the panel to Estimate records; the only place that computes a statistic."""
