"""The label sets of the model's heads, in the order of its outputs."""

from __future__ import annotations

ROLES = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
ANCHORS = ("none", "cue", "free")
NAMES = (
    "O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-NORP", "I-NORP", "B-DATE", "I-DATE",
)  # fmt: skip
PARTS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
)  # fmt: skip
ACTS = ("statement", "belief", "request", "promise", "denial", "question", "prediction", "other")
KINDS = ("person", "organization", "government", "group", "anonymous", "document", "unknown")
ADDRESSEE = ("O", "B", "I")
