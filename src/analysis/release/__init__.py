"""From estimates to disclosed figures, claims and the section; the only place that words a finding."""
