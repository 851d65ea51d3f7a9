"""JSON and YAML documents, read strictly and with their places."""
