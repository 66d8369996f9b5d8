"""The same claim in several articles: who carries it, in which words, by whose word, and what only one has.

>>> import attribution
>>> found = attribution.compare(["wire.txt", "daily.txt"])  # doctest: +SKIP
>>> [row.speaker.name for row in found.shared if row.drifts]  # doctest: +SKIP
['Daniel Kritenbrink', 'Qin Gang']
"""

from __future__ import annotations
