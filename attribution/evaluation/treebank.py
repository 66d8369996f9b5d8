"""Penn Treebank tokens → a text as newspapers print it, in which every token has its place.

Tokens write quotation marks as `` and '', brackets as -LRB-, and stand apart where print joins them ("do n't", "Ruiz 's").
A model that has learnt from printed text reads them worse than they are, so they are put back: typographic marks,
brackets, no blank before punctuation, clitics joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[int, int]
"""Where a token stands in the text: code points, half-open."""

PARAGRAPH = "\n\n"
_BRACKETS = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "\\/": "/", "\\*": "*",
}  # fmt: skip
_JOINED_LEFT = frozenset(
    [",", ".", ";", ":", "?", "!", "%", ")", "]", "}", "”", "’", "’s", "’re", "’ve", "’ll", "’d", "’m", "n’t", "’”"]
)
_JOINED_RIGHT = frozenset(["(", "[", "{", "$", "£", "€", "#", "“", "‘", "“‘"])
_ONE_WORD = frozenset(
    [
        ("can", "not"),
        ("gon", "na"),
        ("wan", "na"),
        ("got", "ta"),
        ("gim", "me"),
        ("lem", "me"),
        ("’t", "is"),
        ("’t", "was"),
    ]
)
_SEVERAL = {"```": "“‘", "'''": "’”"}
_NO_WORD = frozenset([",", ".", ";", ":", "?", "!", ")"])


@dataclass(frozen=True, slots=True)
class Printed:
    """A text made of tokens: ``places[i]`` is where token ``i`` stands, ``paragraphs[i]`` which of the lists it is of."""

    text: str
    places: tuple[Place, ...]
    paragraphs: tuple[int, ...]


def printed(token_lists: Sequence[Sequence[str]], *, between: str = PARAGRAPH) -> Printed:
    """The text of lists of tokens, in their order.

    Args:
        token_lists: tokens in the form of the Penn Treebank or of CoreNLP, a list a sentence or paragraph.
        between: what parts two lists in the text.

    """
    one_sided = not any(t in ("``", "“") for tokens in token_lists for t in tokens)
    parts: list[str] = []
    places: list[Place] = []
    owners: list[int] = []
    at, early = 0, False
    for n, tokens in enumerate(token_lists):
        forms, opens = _forms(tokens, one_sided=one_sided, open_before=early, last=n + 1 == len(token_lists))
        for i, form in enumerate(forms):
            first = between if places and not early else ""
            if opens and i + 1 == len(forms):  # the mark that opens the next list stands with it
                first = gap = between
            else:
                gap = _gap(forms, i) if i else first
            parts += [gap, form]
            places.append((at + len(gap), at + len(gap) + len(form)))
            at = places[-1][1]
            owners.append(n)
        early = opens
    return Printed("".join(parts), tuple(places), tuple(owners))


def _gap(forms: Sequence[str], i: int) -> str:
    before, form = forms[i - 1], forms[i]
    joined = (
        form in _JOINED_LEFT
        or form.casefold() in _JOINED_LEFT
        or before in _JOINED_RIGHT
        or (before.casefold(), form.casefold()) in _ONE_WORD
    )
    return "" if joined else " "


def _forms(tokens: Sequence[str], *, one_sided: bool, open_before: bool, last: bool) -> tuple[list[str], bool]:
    """The tokens as they are printed, each at least one character long; and whether the last of them opens a quotation.

    Args:
        tokens: one list.
        one_sided: the article has '' on both sides of quotations; CoreNLP then puts one that opens a paragraph behind
            the last.
        open_before: the list before ended with the mark that opens a quotation here.
        last: no list follows.

    """
    out: list[str] = []
    opened = {"“": int(open_before), "‘": 0}
    last_opens = False
    for i, token in enumerate(tokens):
        after = tokens[i + 1 :]
        form = _BRACKETS.get(token, token)
        if token in ("``", "''", '"', "“", "”"):
            last_opens = one_sided and not last and i > 0 and not after and not opened["“"]
            may_open = token == '"' or (token == "''" and one_sided)
            form = (
                "“"
                if last_opens
                else _double(token, opened, may_open and bool(after) and (not i or after[0] not in _NO_WORD))
            )
        elif token in ("`", "'", "‘", "’"):
            form = _single(token, opened, out, after)
        elif token in _SEVERAL:
            form = _SEVERAL[token]
            opened["“"] = opened["‘"] = int(token == "```")
        elif token == "--":
            form = "—"
        elif "'" in token:
            form = token.replace("'", "’")
        out.append(form or "_")
    return out, last_opens


def _double(token: str, opened: dict[str, int], may_open: bool) -> str:
    """Which of “ ” a double mark is: one of two-sided form that nothing has opened opens, where it may."""
    opens = token in ("``", "“") or (may_open and not opened["“"])
    opened["“"] = int(opens)
    return "“" if opens else "”"


def _single(token: str, opened: dict[str, int], out: Sequence[str], after: Sequence[str]) -> str:
    """Which of ‘ ’ a single mark is; ' is also the possessive of a plural ("the voters '")."""
    opens = token in ("`", "‘") or (
        token == "'" and not opened["‘"] and bool(after) and not (out and out[-1][-1:].casefold() in "sxz")
    )
    opened["‘"] = int(opens)
    return "‘" if opens else "’"
