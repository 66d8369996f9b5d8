"""The API: the same models as in Python, as JSON."""
