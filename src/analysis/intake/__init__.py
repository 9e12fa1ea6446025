"""From a raw delivery to typed tables and a ledger of everything that was changed or refused."""
