"""Giving speakers of an article other ids and names, in its claims and in its list of speakers."""

from __future__ import annotations

from collections.abc import Mapping

from attribution.claims import ArticleClaims, ArticleSpeaker, Evidence, Speaker


def renamed(found: ArticleClaims, meant: Mapping[str, tuple[Speaker, Evidence | None]]) -> ArticleClaims:
    """An article's claims with some speakers replaced; speakers that become one are joined.

    Args:
        found: the article's claims and speakers.
        meant: by speaker id, who it is and the step of evidence to add to its claims.

    """
    if not meant:
        return found
    claims = []
    for claim in found.claims:
        new, step = meant.get(claim.speaker.id, (claim.speaker, None))
        evidence = (*claim.evidence, step) if step else claim.evidence
        claims.append(claim.model_copy(update={"speaker": new, "evidence": evidence}))
    speakers: dict[str, ArticleSpeaker] = {}
    for old in found.speakers:
        new = meant[old.id][0] if old.id in meant else old
        seen = speakers.get(new.id)
        aliases = {*old.aliases, old.name, *(seen.aliases if seen else ())} - {new.name}
        mentions = {(m.start, m.end): m for m in (*old.mentions, *(seen.mentions if seen else ()))}
        speakers[new.id] = ArticleSpeaker(
            **new.model_dump(include=set(Speaker.model_fields)), aliases=tuple(sorted(aliases)),
            mentions=tuple(mentions[k] for k in sorted(mentions)), claims=old.claims + (seen.claims if seen else 0),
        )  # fmt: skip
    return found.model_copy(update={"claims": tuple(claims), "speakers": tuple(speakers.values())})
