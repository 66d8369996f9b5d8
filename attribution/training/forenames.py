"""The table of forenames of many countries, ``lexicon/forenames_world.tsv``: ``python -m attribution.training.forenames``.

Made from the name lists of Faker (MIT licence, https://faker.readthedocs.io), which volunteers have gathered for some
sixty countries. A name that lists of two countries give to one gender and (nearly) none to the other counts as known
(M, F); one that a single country lists leans that way (m, f), because single lists err.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_LIST = re.compile(
    r"first_(?:romanized_)?names?_(male|female)|(?:male|female)_first_names?|first_names_(?:male|female)\w*"
)
_WORD = re.compile(r"[A-ZÀ-Þ][a-zß-ÿĀ-žȘșȚț'’-]+")


def forename_genders(providers: Any) -> dict[str, str]:
    """Forename → "M" or "F" where two countries agree, "m" or "f" where one says so.

    Args:
        providers: the package ``faker.providers.person``.

    """
    seen: dict[str, dict[str, set[str]]] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"{providers.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            if _LIST.fullmatch(attribute) and not callable(getattr(provider, attribute)):
                gender = "F" if "female" in attribute else "M"
                for name in _names(getattr(provider, attribute)):
                    seen.setdefault(name, {"M": set(), "F": set()})[gender].add(module.name)
    found = {}
    for name, by in sorted(seen.items()):
        count = Counter({gender: len(places) for gender, places in by.items()})
        (most, n), (_, other) = count.most_common(2)
        if n >= 2 and n >= 4 * other:
            found[name] = most
        elif not other:
            found[name] = most.lower()
    return found


def _names(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        for word in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(word, str) and _WORD.fullmatch(word):
                yield word


def main(out: Path) -> None:
    """Write the table."""
    import faker.providers.person as providers

    rows = forename_genders(providers)
    lines = [
        "# Forenames of many countries: M, F where lists of two agree, m, f where one says so. From Faker (MIT licence)."
    ]
    out.write_text(
        "\n".join([*lines, *(f"{name}\t{gender}" for name, gender in rows.items())]) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
