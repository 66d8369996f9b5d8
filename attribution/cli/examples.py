"""The examples that close each command's ``--help``: what it does, then the line that does it."""

from __future__ import annotations

TOP = (
    ("Who said what in an article, as a table", "attribution article.txt"),
    ("In a folder, one JSON line an article", "attribution articles/ > claims.jsonl"),
    ("Why claim 3 has its speaker", "attribution explain article.txt 3"),
    ("The same on a page in the browser", "attribution serve"),
    ("The same claims in two outlets, side by side", "attribution compare wire.txt daily.txt"),
    ("Everything about one command", "attribution extract --help"),
    ("Tab completion in this shell, from the next session on", "attribution --install-completion"),
)
EXTRACT = (
    ("A table on a terminal; in a pipe one JSON line an article", "attribution extract article.txt"),
    ("Folders, globs and standard input, mixed", "attribution extract articles/ 'more/*.txt' -"),
    ("Grouped by speaker", "attribution extract articles/ --by speaker --format table"),
    ("What one person denied", "attribution extract articles/ --speaker miller --act denial"),
    ("Direct quotations that are nearly sure, as a spreadsheet",
     "attribution articles/ --type direct --min-confidence 0.9 -o claims.xlsx"),
    ("A page with the claims marked, to look at", "attribution extract article.txt -o claims.html"),
    ("Links that open an article's page at the claim", "attribution extract export.jsonl --where -o claims.csv"),
    ("Tasks to correct in Label Studio", "attribution extract articles/ -f labelstudio -o labelling"),
    ("JSON lines whose text stands in other fields",
     "attribution extract export.jsonl --field body --id-field doc_id"),
    ("A page from the web", "attribution extract --fetch https://lugo.example/road"),
    ("Ministers under the ids of your own list", "attribution extract articles/ --people ministers.csv"),
    ("A large folder on four cores", "attribution extract articles/ --workers 4 -o claims.jsonl"),
)  # fmt: skip
EXPLAIN = (
    ("The third claim of the table", "attribution explain article.txt 3"),
    ("By its id, or the beginning of it", "attribution explain article.txt acfe91ba"),
    ("From a pipe", "attribution explain - 1 < article.txt"),
)
COMPARE = (
    ("Two outlets' versions of a story, changed words first", "attribution compare wire.txt daily.txt"),
    ("A folder of versions, as a page to pass on", "attribution compare story/ -o story.html"),
    ("What each outlet has alone", "attribution compare story/ --only one"),
    ("One person's words across outlets", "attribution compare story/ --speaker qin"),
    ("Articles of an export, whose text stands in other fields",
     "attribution compare story.jsonl --field body --id-field doc_id"),
    ("For a program", "attribution compare wire.txt daily.txt -f json > story.json"),
)  # fmt: skip
RUN = (
    ("An archive overnight, on four cores", "attribution run archive/ --out claims --workers 4"),
    ("After a kill, a full disk, new files: the same again", "attribution run archive/ --out claims --workers 4"),
    ("Common Crawl News, an article a line", "attribution run 'news/*.warc.gz' --out claims -f jsonl"),
    ("Articles that took too long, with more time",
     "attribution run archive/ --out claims --timeout 600 --retry-failed"),
    ("Ministers under the ids of your own list", "attribution run archive/ --out claims --people ministers.csv"),
    ("On a Ray cluster", "attribution run /data/*.parquet --out /data/claims --engine ray"),
)  # fmt: skip
SOURCES = (
    ("Who is quoted in a folder, with bars", "attribution sources articles/"),
    ("The ten who are quoted most, in each article", "attribution sources articles/ --per article --most 10"),
    ("Under the ids of your own list", "attribution sources articles/ --people ministers.csv -o quoted.csv"),
)
EVALUATE = (
    ("Read the gold articles now and score", "attribution evaluate gold.jsonl"),
    ("Score claims that were extracted before", "attribution evaluate gold.jsonl claims.jsonl"),
    ("Several golds: a table each, and one over all", "attribution evaluate tests/gold brat/ more.jsonl"),
    ("Figures with intervals as JSON", "attribution evaluate tests/gold --json figures.json"),
    ("Keep what is found now, to compare with later", "attribution evaluate gold.jsonl --save old.jsonl"),
    ("What a new model gains and loses", "attribution evaluate gold.jsonl --model run/model --compare old.jsonl"),
    ("Gold that marks no claims within claims, such as PolNeAR's", "attribution evaluate PolNeAR/data/dev --top"),
    ("As published figures are counted", "attribution evaluate polnear.bio.jsonl"),
    ("A gate: no figure below its floor", "attribution evaluate tests/gold --floors tests/floors.json"),
    ("Speakers alone, on the gold claims' own words", "attribution evaluate tests/gold --speakers"),
)  # fmt: skip
IMPORT = (
    ("What was corrected in Label Studio, as gold", "attribution import export.json -o gold.jsonl"),
    ("A folder of brat, an export of INCEpTION", "attribution import brat/ project.zip -o gold.jsonl"),
    ("And how good the tool is by it", "attribution evaluate gold.jsonl"),
)
SERVE = (
    ("Open the page in the browser", "attribution serve"),
    ("With the articles of a folder", "attribution serve articles/"),
    ("Corrections into a file of your own, as gold", "attribution serve --corrections gold.jsonl"),
    (
        "For a team, on a machine without a browser; it prints the address with its token",
        "attribution serve --host 0.0.0.0 --no-browser",
    ),
)
TRAIN = (
    ("With the committed configuration, as the shipped model was made",
     "attribution train --config training/config.toml --data data --out run"),
    ("From another checkpoint", "attribution train --data data --out run --base all-MiniLM-L6-v2"),
)  # fmt: skip
CORPUS = (
    ("Articles into a store; again adds only what is new", "attribution corpus add news.duckdb articles/"),
    ("After an update: what the old model read, anew",
     "attribution corpus add news.duckdb articles/ --again"),
    ("What was extracted before", "attribution corpus add news.duckdb claims.jsonl"),
    ("What one person said of something", "attribution corpus claims news.duckdb --speaker qin --about interfering"),
    ("Who is quoted most", "attribution corpus people news.duckdb --since 2023-06-01"),
    ("Where a quotation stands, also altered", "attribution corpus quote news.duckdb 'not going to Beijing'"),
    ("Quotations that drift across outlets", "attribution corpus variants news.duckdb"),
    ("When somebody spoke", "attribution corpus timeline news.duckdb --speaker blinken"),
    ("For other programs", "attribution corpus export news.duckdb --format csv -o tables"),
    ("Any question", "attribution corpus sql news.duckdb 'SELECT count(*) FROM claims'"),
)  # fmt: skip

_EXITS = "0 all well, 1 unexpected error, 2 wrong usage,\n3 some inputs failed, 4 nothing usable"


def epilog(examples: tuple[tuple[str, str], ...]) -> str:
    """Examples as an epilog in rich markup; a blank line parts the paragraphs, as Typer wants it."""
    shown = [f"{what}:\n  [cyan]$ {line}[/cyan]" for what, line in examples]
    return "\n\n".join(["[bold]Examples[/bold]", *shown, "[bold]Exit codes[/bold]", _EXITS])
