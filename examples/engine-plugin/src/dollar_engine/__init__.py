"""The template engine `dollar` for ProvisionHub."""

from dollar_engine.engine import DollarEngine

__all__ = ["DollarEngine"]
