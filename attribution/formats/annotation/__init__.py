"""Annotation tools: claims out to them, and corrections back as gold.

Each module writes and reads one tool's files; ``graph`` is what they share, ``corrections`` tells them apart.
"""
