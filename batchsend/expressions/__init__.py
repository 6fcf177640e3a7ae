"""The Jinja2 that mappings and templates share."""
