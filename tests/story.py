"""One story in every format: what the readers' tests have in common."""

from __future__ import annotations

from html import escape

HEADLINE = "Mayor of Lugo says no to the levy"
PARAGRAPHS = (
    "“We will not pay,” Ana Ruiz, the mayor of Lugo, told reporters on Monday. She said the road was closed and the bridge would follow.",
    "Luis Vega, who speaks for the regional government, denied the report. He said that the city had been paid in full and that its council knew it well.",
    "“It was never our money,” Vega said. “We only carried it.”",
    "The council will vote on Tuesday, according to two people familiar with the plan. One of them expects a narrow result.",
)
STORY = "\n\n".join((HEADLINE, *PARAGRAPHS)) + "\n"
CAPTION = "Ana Ruiz in front of the town hall. (Photo: Inés Campo)"

GERMAN = (
    "Die Bürgermeisterin von Lugo hat am Montag gesagt, dass die Stadt die Abgabe nicht zahlen werde. Sie sei mit dem "
    "Stadtrat einig, und auch die Brücke werde nun gesperrt. Der Sprecher der Regierung wies den Bericht zurück: Man habe "
    "alles bezahlt, und das wisse die Stadt auch. Der Rat wird am Dienstag über den Plan abstimmen, wie aus seinem Umfeld "
    "zu hören ist. Es wird ein knappes Ergebnis erwartet, weil sich die Lager nicht auf eine Linie einigen können."
)


def page(*, lang: str = "en", caption: str | None = None, script_title: bool = False) -> str:
    """A news page: navigation, share bar, related links and footer around the story, its paragraphs minified."""
    body = "".join(f"<p>{escape(p)}</p>" for p in PARAGRAPHS)
    figure = f"<figure><img src='a.jpg' alt=''><figcaption>{escape(caption)}</figcaption></figure>" if caption else ""
    title = "<script>alert(1)</script>" if script_title else f"{HEADLINE} | Lugo Daily"
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{HEADLINE}"><meta property="og:site_name" content="Lugo Daily">
<meta property="article:published_time" content="2025-03-04T10:11:00+01:00"><meta name="author" content="Dana Moss">
<link rel="canonical" href="https://lugo.example/news/levy"><script>var a = "He said nothing.";</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>{HEADLINE}</h1><div class="byline">By Dana Moss</div>{figure}
{body}
<div class="share"><a href="#">Share</a> <a href="#">Tweet</a></div></article>
<aside><h3>Related</h3><ul><li><a href="/x">Minister says taxes will rise</a></li></ul></aside></main>
<footer>© 2025 Lugo Daily. All rights reserved.</footer></body></html>"""
