"""From a file to text tables: any format, header found, nothing coerced."""
