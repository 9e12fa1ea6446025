"""How the report looks: figures, tables, the HTML page and the Word file."""
