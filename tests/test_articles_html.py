"""HTML pages: what is drawn from them, what they say about themselves, and the way back to the page."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from story import CAPTION, GERMAN, HEADLINE, PARAGRAPHS, STORY, page

import attribution
from attribution.articles.html import article_of_page, decode_page
from attribution.articles.read import read, read_all
from attribution.claims import Article, Claim
from attribution.errors import InputError, LanguageError


def _drawn(markup: str | bytes) -> Article:
    return article_of_page(markup, where="x", id_="x")


def test_text_and_metadata(tmp_path: Path) -> None:
    path = tmp_path / "levy.html"
    path.write_text(page(), encoding="utf-8")
    article = read(path)
    assert article.text.split("\n\n") == [HEADLINE, *PARAGRAPHS]
    assert (article.id, article.title, article.outlet, article.authors) == ("levy", HEADLINE, "Lugo Daily", ("Dana Moss",))
    assert (article.published, article.url) == ("2025-03-04T10:11:00+01:00", "https://lugo.example/news/levy")
    assert (article.language, article.encoding) == ("en", "utf-8")
    assert article.reader is not None and article.reader.startswith("trafilatura ")
    assert article.source_sha256 is not None and article.source_sha256 != article.sha256


def _said(claims: list[Claim]) -> list[tuple[str, str, str | None, str]]:
    return [(c.speaker.name, c.content.text, c.cue.text if c.cue else None, c.block) for c in claims]


@pytest.mark.model
def test_a_page_says_what_its_plain_text_says(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    (tmp_path / "b.txt").write_text(STORY, encoding="utf-8")
    from_page = attribution.extract(read(tmp_path / "a.html"))
    from_text = attribution.extract(read(tmp_path / "b.txt"))
    assert _said(from_page) == _said(from_text) and len(from_page) >= 7
    assert "headline" in {c.block for c in from_page}


@pytest.mark.model
@pytest.mark.parametrize("name", ["wire.txt", "daily.txt"])
def test_the_samples_as_pages_say_the_same(name: str, seeds: list[Path]) -> None:
    text = next(p for p in seeds if p.name == name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.strip()]
    body = "".join(f"<p>{line}</p>" for line in lines[1:])
    drawn = _drawn(f"<html><head><title>x</title></head><body><article><h1>{lines[0]}</h1>{body}</article></body></html>")
    plain = attribution.extract(text)
    assert _said(attribution.extract(drawn)) == _said(plain) and plain


@pytest.mark.model
def test_quote_selectors_find_the_claim_in_the_pages_own_text() -> None:
    """The page is minified: nothing stands between its paragraphs, so white space does not count in what is around."""
    whole = lxml.html.fromstring(page(caption=CAPTION)).body.text_content()
    flat, packed = " ".join(whole.split()), "".join(whole.split())
    claims = attribution.extract(_drawn(page(caption=CAPTION)))
    assert claims
    for claim in claims:
        for selector in claim.selectors:
            quote = selector.quote
            assert " ".join(quote.exact.split()) in flat
            around = "".join((quote.prefix + quote.exact + quote.suffix).split())
            # a byline or share bar, which the text leaves out, may stand between; the words alone are found then
            assert around in packed or flat.count(quote.exact) == 1


def test_captions_are_kept_and_told_from_the_story() -> None:
    article = _drawn(page(caption=CAPTION))
    found = {b.kind: article.text[b.span.start : b.span.end] for b in article.blocks}
    assert found["headline"] == HEADLINE
    assert found["caption"] == "Ana Ruiz in front of the town hall." and found["credit"] == "(Photo: Inés Campo)"


@pytest.mark.model
def test_what_only_the_page_knows_reaches_the_claims() -> None:
    """A caption without a credit is like any sentence; only its figure tells that it is one."""
    caption = "Ana Ruiz, left, said on Monday that the road was closed."
    claims = attribution.extract(_drawn(page(caption=caption)))
    assert next(c.block for c in claims if c.content.text == "the road was closed") == "caption"


def test_a_heading_that_the_story_leaves_out_is_put_before_it() -> None:
    markup = page().replace(f"<article><h1>{HEADLINE}</h1>", f"<header><h1>{HEADLINE}</h1></header><article>")
    assert _drawn(markup).text.startswith(HEADLINE + "\n\n“We will not pay")


def test_the_papers_name_is_no_headline() -> None:
    markup = page().replace(f"<article><h1>{HEADLINE}</h1>", f"<header><h1>Lugo Daily</h1></header><article><h2>{HEADLINE}</h2>")
    article = _drawn(markup)
    assert article.text.split("\n\n")[0] == HEADLINE and "Lugo Daily" not in article.text


def test_script_is_no_text_and_a_title_is_no_markup() -> None:
    article = _drawn(page(script_title=True))
    assert "He said nothing" not in article.text and "alert" not in article.text


def test_line_breaks_part_paragraphs_and_inline_tags_do_not() -> None:
    markup = page().replace("told reporters", "<b>told</b> <a href='/r'>re<i>port</i>ers</a>").replace("She said", "<br><br>She said")
    paragraphs = _drawn(markup).text.split("\n\n")
    assert paragraphs[1].endswith("told reporters on Monday.") and paragraphs[2].startswith("She said the road")


@pytest.mark.parametrize(
    ("data", "charset", "encoding"),
    [
        ("“ja” é".encode(), None, "utf-8"),
        ("“ja” é".encode("utf-8-sig"), "windows-1252", "utf-8-sig"),
        ("“ja” é".encode("utf-16"), None, "utf-16"),
        ("<meta charset='windows-1251'>да".encode("windows-1251"), None, "cp1251"),
        ("да".encode("koi8-r"), "KOI8-R", "koi8-r"),
        ("“ja” é".encode("windows-1252"), "iso-8859-1", "windows-1252"),
        ("“ja” é".encode("windows-1252"), None, "windows-1252"),
        (b"<meta charset='utf-8'>abc \xe9", "rot13", "utf-8"),
        ("<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>日本".encode("shift_jis"), "no-such", "shift_jis"),
    ],
)
def test_encodings(data: bytes, charset: str | None, encoding: str) -> None:
    text, found = decode_page(data, charset)
    assert found == encoding
    assert any(word in text for word in ("“ja” é", "да", "日本", "abc \ufffd"))


def test_pages_without_a_story_say_so() -> None:
    with pytest.raises(InputError, match="no article's text in this page"):
        _drawn("<html><head><title>Nothing</title></head><body><script>let a = 1</script></body></html>")
    with pytest.raises(InputError, match="no text found: its elements lie up to 100,002 deep in each other, and 256 is the limit"):
        _drawn("<html><body>" + "<div>" * 100_000 + "He said no.")


def test_a_page_too_large_is_refused() -> None:
    with pytest.raises(InputError, match="more than 32 MiB"):
        _drawn("<html>" + "x" * (33 * 2**20))


def test_other_languages_are_told_by_their_words_before_their_tags(tmp_path: Path) -> None:
    german = page(lang="en").replace(PARAGRAPHS[0], GERMAN).replace(PARAGRAPHS[1], GERMAN[:200])
    for paragraph in PARAGRAPHS[2:]:
        german = german.replace(paragraph, "Mehr dazu folgt in Kürze.")
    (tmp_path / "a.html").write_text(german, encoding="utf-8")
    (tmp_path / "b.html").write_text(page(lang="de"), encoding="utf-8")
    found = list(read_all([tmp_path], any_language=False))
    assert isinstance(found[0], LanguageError) and found[0].language == "de"
    assert isinstance(found[1], Article) and found[1].language == "en"
    assert [a.language for a in read_all([tmp_path]) if isinstance(a, Article)] == ["de", "en"]
