"""Writes ``docs/reference`` from the code: ``make docs``.

Each page is made of what the code itself says: schemas, docstrings, the command
line's help. Every example is rendered by its engine while the page is written.
"""
