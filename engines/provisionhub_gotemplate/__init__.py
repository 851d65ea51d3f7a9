"""Go's text/template in Python."""
