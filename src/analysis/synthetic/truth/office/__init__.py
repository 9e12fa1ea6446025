"""The lists that a bureau's office keeps by hand, as they truly are."""
