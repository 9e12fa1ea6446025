"""What the data check says beyond the ledger: sums that disagree, wrong years, jumps since last year, verdicts."""
