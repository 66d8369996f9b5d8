"""Many articles: runs over them, and a store of their claims.

>>> from attribution.corpus.store import Store
>>> with Store.open("news.duckdb") as store:  # doctest: +SKIP
...     store.add(attribution.extract_many(["news/"]))
...     for claim in store.claims(Filter(speaker="Kritenbrink", since=date(2023, 6, 1))):
...         print(claim.outlet, claim.text)
"""
