"""A self-contained page: the articles with their claims marked, and beside each who said what."""
