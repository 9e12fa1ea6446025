"""What the bureau can name: variables, interventions, outcomes and problems, read from ``study/*.toml``."""
