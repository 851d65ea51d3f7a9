"""A blueprint's values: schema, defaults, formats and secrets."""
