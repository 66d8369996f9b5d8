"""Roles that come after the name: "Anneke van der Wiel …", and later "the Dutch lawyer wagers"."""

from __future__ import annotations

from collections.abc import Sequence

from attribution.pipeline.resolution import Article, Resolution
from attribution.pipeline.roles import Phrases, role_told


def add_later_roles(article: Article, resolutions: Sequence[Resolution]) -> None:
    """Give people of whom no role is known the first one by which a source means them."""
    phrases = Phrases(article.phrases)
    for relation, who in zip(article.claims, resolutions, strict=True):
        if len(who.entities) != 1 or who.entities[0].roles or not relation.source:
            continue
        if who.kind == "person" and any(step.step == "role" for step in who.steps):
            found = role_told(article.text, relation.source[0], article.names, phrases)
            who.entities[0].roles += [found] if found else []
