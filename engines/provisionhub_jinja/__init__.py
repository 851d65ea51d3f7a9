"""Jinja2 for ProvisionHub, sandboxed."""
