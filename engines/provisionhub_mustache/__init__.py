"""Mustache for ProvisionHub."""
