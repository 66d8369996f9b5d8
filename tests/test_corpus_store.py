"""The store: what goes in comes out, versions, search, quotations, layouts, and several processes at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from made import at, found, make, tricky

from attribution.claims import ArticleClaims
from attribution.corpus import migrations, replacing
from attribution.corpus.adding import add_inputs
from attribution.corpus.answers import Added, Filter
from attribution.corpus.store import Store
from attribution.errors import QuestionError, StoreError
from attribution.formats import write


def said(words: str, speaker: str, *, n: int = 0, type: str = "direct", **more: Any) -> ArticleClaims:
    """An article of one claim; other fields of the article by ``article_…``."""
    text = f"Number {n}. {words} said {speaker}."
    article = {k.removeprefix("article_"): more.pop(k) for k in list(more) if k.startswith("article_")}
    claim = {"content": [at(text, words)], "cue": [at(text, " said ")], "speaker": speaker, "type": type, **more}
    return make(text, [claim], **{"id": f"a{n}", "source": f"a{n}.txt", "outlet": None, **article})


LEVY = "“We will not pay the levy this year or the next,”"
NEWS = [
    said(LEVY, "Ana Ruiz", n=1, role="mayor of Lugo", article_outlet="Lugo Daily", article_published="2024-03-04"),
    said("“We will never pay the levy this year or the next,”", "Ruiz", n=2, article_outlet="The Post", article_published="2024-03-05T10:00:00+01:00"),
    said("the talks on the war in Ukraine had failed", "Luis Vega", n=3, type="indirect", act="denial", article_outlet="The Post", article_published="2024-04-01"),
    said("it talked of war and Ukraine’s 1,200 towns", "two U.S. officials", n=4, type="indirect", kind="anonymous", act="belief", article_outlet="Lugo Daily"),
]


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "news.duckdb") as opened:
        assert opened.add(NEWS) == Added(new=4, claims=4)
        yield opened


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that a store holds, but for when it was added."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        assert {"article", "claim", "word", "quotation"} <= set(tables)
        leave = {"article": "EXCLUDE (added)", "schema_version": "EXCLUDE (made)"}
        return {t: connection.execute(f"SELECT * {leave.get(t, '')} FROM {t} ORDER BY ALL").fetchall() for t in tables}


# --- in and out ------------------------------------------------------------------------------------------------------


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.duckdb") as store:
        store.add([tricky(outlet="X", published="2024-01-01", url="https://x.example/1"), *NEWS])
        assert [store.article(i) for i in (1, 2)] == [tricky(outlet="X", published="2024-01-01", url="https://x.example/1"), NEWS[0]]
        assert list(store.found()) == [store.article(i) for i in range(1, 6)]
        with pytest.raises(StoreError, match="number 99"):
            store.article(99)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found())
def test_any_article_comes_out_as_it_went_in(tmp_path: Path, article: ArticleClaims) -> None:
    path = tmp_path / "s.duckdb"
    path.unlink(missing_ok=True)
    with Store.open(path) as store:
        store.add([article])
        assert store.article(1) == article


def test_the_same_text_is_stored_once_and_a_changed_one_is_a_version(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    old = said("“The old words of it all,”", "A B", n=1)
    new = said("“The new words of it all,”", "A B", n=1)
    with Store.open(path) as store:
        assert store.add([old, old]) == Added(new=1, known=1, claims=1)
        assert store.add([new, old]) == Added(versions=1, known=1, claims=1)
        assert store.add([old, new]) == Added(known=2)  # once more changes nothing, in any order
        assert [c.text for c in store.claims()] == ["“The new words of it all,”"]
        both = [(c.version, c.text) for c in store.claims(Filter(old_versions=True))]
        assert both == [(1, "“The old words of it all,”"), (2, "“The new words of it all,”")]
        assert store.info().versions == 1 and store.info().articles == 1
        assert store.has([old.article, new.article, NEWS[0].article]) == [True, True, False]


# --- claims of stored articles, read again --------------------------------------------------------------------------


def other_reading(old: ArticleClaims, words: str, speaker: str) -> ArticleClaims:
    """The same text with one other claim."""
    text = old.article.text
    made = make(text, [{"content": [at(text, words)], "speaker": speaker, "type": "direct"}])
    claims = tuple(c.model_copy(update={"article": old.article.ref}) for c in made.claims)
    return ArticleClaims(article=old.article, claims=claims, speakers=made.speakers)


def facts(path: Path) -> dict[str, Any]:
    """What a store holds, whatever numbers its claims, speakers and words have."""
    with Store.open(path, read_only=True) as store:
        found = {
            "articles": [store.article(i) for i in range(1, store.info().articles + 1)],
            "speakers": sorted(store.execute("SELECT name, kind, key, surname FROM speaker")),
            "variants": store.variants(),
            "words": [c.article_id for c in store.claims(Filter(about="levy"))],
        }
        for table, columns in (("quotation", "*"), ("shingle", "*"), ("quoted", "quotation, content")):
            found[table] = sorted(store.execute(f"SELECT {columns} FROM {table}"))
        orphans = "SELECT count(*) FROM word WHERE claim NOT IN (SELECT number FROM claim)"
        assert store.execute(orphans) == [(0,)]
        return found


def test_another_model_replaces_the_claims_of_stored_texts(tmp_path: Path) -> None:
    shorter = other_reading(NEWS[0], "“We will not pay the levy this year or the next,”", "Anna Ruiz")
    again = [shorter.model_copy(update={"claims": (), "speakers": ()}), *NEWS[1:]]
    with Store.open(tmp_path / "s.duckdb") as store:
        store.add(NEWS, made_by="old")
        assert store.add([shorter], made_by="new") == Added(known=1)  # nothing unasked
        assert store.has([NEWS[0].article, NEWS[1].article], made_by="old") == [True, True]
        assert store.add([shorter], made_by="new", again=True) == Added(replaced=1, claims=1)
        assert store.has([NEWS[0].article, NEWS[1].article], made_by="new") == [True, False]
        assert store.article(1) == shorter and "Anna Ruiz" in [p.name for p in store.people()]
        assert store.add([shorter], made_by="new", again=True) == Added(known=1)
        assert store.add(again, made_by="newer", again=True) == Added(replaced=4, claims=3)
        assert (store.info().articles, store.info().versions, store.info().claims) == (4, 0, 3)
    with Store.open(tmp_path / "at once.duckdb") as store:
        store.add(again, made_by="newer")
    assert facts(tmp_path / "s.duckdb") == facts(tmp_path / "at once.duckdb")


def test_a_wording_that_linked_two_others_links_them_no_more(tmp_path: Path) -> None:
    ways = ["one two three four five six seven eight nine", "three four five six seven eight nine ten eleven", "five six seven eight nine ten eleven twelve thirteen"]
    articles = [said(f"“{w},”", "A B", n=i, article_outlet=f"o{i}") for i, w in enumerate(ways)]
    middle = articles[1].model_copy(update={"claims": (), "speakers": ()})
    with Store.open(tmp_path / "s.duckdb") as store:
        store.add(articles, made_by="old")
        assert len(store.execute("SELECT DISTINCT family FROM quotation")) == 1
        store.add([middle], made_by="new", again=True)
        assert len(store.execute("SELECT DISTINCT family FROM quotation")) == 2
    with Store.open(tmp_path / "without.duckdb") as store:
        store.add([articles[0], middle, articles[2]])
    assert facts(tmp_path / "s.duckdb") == facts(tmp_path / "without.duckdb")


def test_claims_of_a_file_replace_stored_ones_and_leave_the_text(tmp_path: Path) -> None:
    path, source = tmp_path / "s.duckdb", tmp_path / "claims.jsonl"
    write([other_reading(NEWS[0], "the levy", "Anna Ruiz"), NEWS[1]], source)
    with Store.open(path) as store:
        store.add(NEWS[:2], made_by="model")
    assert sum((a for a in add_inputs(path, [source]) if isinstance(a, Added)), Added()) == Added(known=2)
    list(add_inputs(path, [source], again=True))
    with Store.open(path, read_only=True) as store:
        assert ("Anna Ruiz", "the levy") in [(c.speaker, c.text) for c in store.claims()]
        assert store.article(1).article.text == NEWS[0].article.text
    assert sum((a for a in add_inputs(path, [source], again=True) if isinstance(a, Added)), Added()) == Added(known=2)


@pytest.mark.parametrize("where", ["remove_claims", "update_articles", "tidy"])
def test_a_replacement_that_breaks_off_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.add(NEWS, made_by="old")
    before, whole = content(path), getattr(replacing, where)

    def broken(*arguments: Any) -> None:
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(replacing, where, broken)
    with Store.open(path) as store, pytest.raises(KeyboardInterrupt):
        store.add([other_reading(NEWS[0], "the levy", "Anna Ruiz")], made_by="new", again=True)
    assert content(path) == before


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"url": "https://x.example/a"}, {"url": "https://x.example/a#top", "id": "b", "source": "b"}, True),
        ({"url": "https://x.example/a"}, {"url": "https://x.example/b"}, False),
        ({"source": "f.jsonl:1"}, {"source": "f.jsonl:7"}, True),
        ({"source": "f.parquet:row 1"}, {"source": "f.parquet:row 2", "id": "b"}, False),
        ({"source": "f.jsonl:1"}, {"source": "g.jsonl:1"}, False),
        ({"source": "f.jsonl:1", "outlet": "Post"}, {"source": "g.jsonl:1", "outlet": "POST"}, True),
        ({"source": "x/a.txt"}, {"source": "y/a.txt"}, False),
    ],
)
def test_what_makes_two_texts_one_article(tmp_path: Path, one: dict, other: dict, same: bool) -> None:
    articles = [said(f"“Words number {i} of it,”", "A B", **{f"article_{k}": v for k, v in {"id": "a", **x}.items()}) for i, x in enumerate((one, other))]
    with Store.open(tmp_path / "s.duckdb") as store:
        assert store.add(articles).versions == same


# --- asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "articles"),
    [
        ({}, "1234"),
        ({"speaker": "ruiz"}, "12"),  # the surname's bearer too
        ({"speaker": "Ana Ruiz"}, "12"),
        ({"speaker": "u.s."}, "4"),
        ({"speaker": "nobody"}, ""),
        ({"about": "war"}, "34"),
        ({"about": "talking wars Ukraine"}, "34"),  # other forms
        ({"about": '"talks on the war"'}, "3"),
        ({"about": "“war in Ukraine” failed"}, "3"),
        ({"about": '"war Ukraine"'}, ""),
        ({"about": "1200"}, "4"),
        ({"about": "war zebra"}, ""),
        ({"since": date(2024, 3, 5)}, "23"),
        ({"since": date(2024, 3, 5), "until": date(2024, 3, 5)}, "2"),
        ({"outlets": ("the post",)}, "23"),
        ({"acts": ("denial", "belief")}, "34"),
        ({"types": ("direct",)}, "12"),
        ({"kinds": ("anonymous",)}, "4"),
        ({"min_confidence": 0.51}, ""),
        ({"about": "war", "outlets": ("lugo daily", "x")}, "4"),
    ],
)
def test_filters(store: Store, asked: dict, articles: str) -> None:
    assert "".join(c.article_id[1:] for c in store.claims(Filter(**asked))) == articles
    assert store.count(Filter(**asked)) == len(articles)
    assert "".join(f.article.id[1:] for f in store.found(Filter(**asked))) == articles


@pytest.mark.parametrize("about", ['"open', "…", '""'])
def test_questions_without_words(store: Store, about: str) -> None:
    with pytest.raises(QuestionError):
        store.count(Filter(about=about))
    with pytest.raises(QuestionError, match="no words"):
        store.quote("…")


def test_limits_and_other_questions_between_rows(store: Store) -> None:
    rows = store.claims(limit=2, offset=1)
    assert next(rows).article_id == "a2" and store.count() == 4
    assert [c.article_id for c in rows] == ["a3"]


def test_people_count_all_forms_of_a_name(store: Store) -> None:
    store.add([said("“Words that are said once more,”", "Mayor Ana B. Ruiz", n=5), said("“Others,”", "Vega", n=6), said("“Others,”", "Eva Vega", n=7)])
    people = {p.name: p for p in store.people()}
    ruiz = people["Mayor Ana B. Ruiz"]
    assert (ruiz.claims, ruiz.direct, ruiz.outlets, ruiz.first, ruiz.last) == (3, 3, 2, date(2024, 3, 4), date(2024, 3, 5))
    assert set(ruiz.names) == {"Ana Ruiz", "Ruiz", "Mayor Ana B. Ruiz"} and ruiz.role == "mayor of Lugo"
    assert {"Vega", "Luis Vega", "Eva Vega"} <= set(people)  # one of two: nobody knows which
    assert store.people(limit=1) == [ruiz] and store.people(Filter(speaker="eva"))[0].name == "Eva Vega"


@pytest.mark.parametrize(
    ("words", "carried", "differences"),
    [
        ("we will not pay the levy this year or the next", "same", []),
        ("We won't pay the levy this year or the next", "same", []),
        ("pay the levy this year", "part", []),
        ("We will not pay the toll this year", "part", [("changed", "toll", "levy")]),
        ("We will not pay the levy this year or in the next", "altered", [("left out", "in", "")]),
        ("We will not pay the levy or the next", "altered", [("added", "", "this year")]),
        ("Today we say, as ever, that we will not pay the levy this year or the next, and so say all", "excerpt", []),
    ],
)
def test_a_quotation_is_found_however_it_is_carried(store: Store, words: str, carried: str, differences: list) -> None:
    best = store.quote(words)[0]
    assert (best.claim.article_id, best.carried) == ("a1", carried)
    assert [(d.change, d.before, d.after) for d in best.differences] == differences
    assert (best.score == 1) == (carried == "same") and 0.5 <= best.score <= 1


def test_other_words_are_no_quotation(store: Store) -> None:
    assert store.quote("zebra crossings of a town") == store.quote("the officials have talked") == []
    assert [m.claim.article_id for m in store.quote("we will not pay the levy this year or the next", asked=Filter(outlets=("The Post",)))] == ["a2"]
    assert len(store.quote("we will not pay the levy this year or the next", min_score=0.99)) == 1


def test_timeline(store: Store) -> None:
    days = [(p.start, p.claims) for p in store.timeline(Filter())]
    assert days == [(date(2024, 3, 4), 1), (date(2024, 3, 5), 1), (date(2024, 4, 1), 1)]
    months = store.timeline(Filter(speaker="Ruiz"), by="month")
    assert [(p.start, p.claims, p.direct, p.articles, p.outlets) for p in months] == [(date(2024, 3, 1), 2, 2, 2, 2)]
    assert [p.start for p in store.timeline(Filter(), by="week")] == [date(2024, 3, 4), date(2024, 4, 1)]


def test_variants_show_the_changed_word(store: Store) -> None:
    store.add([said(LEVY, "Ana Ruiz", n=8, article_outlet="Third"), said("“We will not pay the bill for all of that, whatever they say,”", "X Y", n=9)])
    (group,) = store.variants()
    assert (group.speakers, group.claims, group.outlets) == (("Ana Ruiz",), 3, 3)
    first, second = group.wordings
    assert first.text == LEVY and first.outlets == ("Lugo Daily", "Third") and first.differences == ()
    assert [(d.change, d.before, d.after) for d in second.differences] == [("changed", "not", "never")]
    assert store.variants(Filter(speaker="vega")) == store.variants(Filter(outlets=("Third",))) == []


def test_families_do_not_depend_on_order_or_batches(tmp_path: Path) -> None:
    chain = "one two three four five six seven eight nine ten".split()
    texts = [" ".join([*[w.upper() + "x" for w in chain[:i]], *chain[i:]]) for i in range(6)]  # each a word from the next
    articles = [said(f"“{text}”", "A B", n=i, article_outlet=f"o{i}") for i, text in enumerate([*texts, "wholly other words are said here"])]
    seen = set()
    for i, batch in enumerate((1, 2, 7)):
        with Store.open(tmp_path / f"{i}.duckdb") as store:
            store.add(random.Random(i).sample(articles, len(articles)), batch=batch)
            (group,) = store.variants()
            assert len(group.wordings) == 6
            seen.add(tuple(store.execute("SELECT words, family FROM quotation ORDER BY ALL")))
    assert len(seen) == 1


def test_questions_in_sql(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="read_only"):
        store.sql("SELECT 1")
    store.close()
    with Store.open(store.path, read_only=True) as reading:
        answer = reading.sql("SELECT person, count(*) AS n FROM claims GROUP BY person ORDER BY n DESC, person LIMIT 1")
        assert (answer.columns, answer.rows) == (("person", "n"), (("Ana Ruiz", 2),))
        (tmp_path / "x.csv").write_text("a\n1\n")
        for wrong in ("SELECT nothing", "DELETE FROM claim", f"SELECT * FROM '{tmp_path / 'x.csv'}'", f"COPY claim TO '{tmp_path / 'y.csv'}'", "SET threads = 1; DROP TABLE claim"):
            with pytest.raises(QuestionError):
                reading.sql(wrong)
        with pytest.raises(StoreError, match="reading only"):
            reading.add(NEWS)
    assert not (tmp_path / "y.csv").exists()


# --- layouts ---------------------------------------------------------------------------------------------------------


def as_of_layout_1(path: Path) -> None:
    """What version 1 made: without the tables of layout 2, and without views."""
    with duckdb.connect(str(path)) as connection:
        for view in ("quotations", "articles", "claims", "all_claims", "who"):
            connection.execute(f"DROP VIEW {view}")
        for table in ("quotation", "quoted", "shingle"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE article DROP COLUMN made_by")
        connection.execute("DELETE FROM schema_version WHERE version > 1")


@pytest.mark.parametrize("read_only", [True, False])
def test_an_older_layout_is_brought_up_to_date(store: Store, tmp_path: Path, read_only: bool) -> None:
    before = store.variants()
    store.close()
    whole = content(store.path)
    as_of_layout_1(store.path)
    with Store.open(store.path, read_only=read_only) as again:
        assert again.info().schema_version == migrations.CURRENT == 3
        assert again.variants() == before and len(before) == 1
    assert content(store.path) == whole


def test_layout_1_as_its_step_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "one.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((Path(migrations.__file__).parent / "0001.sql").read_text())
        connection.execute("INSERT INTO schema_version VALUES (1, '0.0.1', now()::TIMESTAMP)")
    with Store.open(path) as store:
        assert store.add(NEWS).new == 4 and len(store.variants()) == 1


def test_files_that_are_no_store(tmp_path: Path, store: Store) -> None:
    store.execute("INSERT INTO schema_version VALUES (99, '9.9', now()::TIMESTAMP)")
    store.close()
    with pytest.raises(StoreError, match=r"layout 99.*up to 3: update"):
        Store.open(store.path)
    (tmp_path / "text.duckdb").write_text("no database at all" * 100)
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("CREATE TABLE x (a INTEGER)")
    for name, reason in (("text", "is not a store"), ("other", "not a store of claims"), ("missing", "no such store")):
        with pytest.raises(StoreError, match=reason):
            Store.open(tmp_path / f"{name}.duckdb", read_only=True)
    with pytest.raises(StoreError, match="make it first"):
        Store.open(tmp_path / "no" / "s.duckdb")
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)


# --- several processes -----------------------------------------------------------------------------------------------

HOLD = "import sys\nfrom attribution.corpus.store import Store\nstore = Store.open(sys.argv[1])\nprint('open', flush=True)\nsys.stdin.readline()\nstore.close()"
ADD = (
    "import sys\nimport duckdb, pyarrow, snowballstemmer\nfrom attribution.corpus.adding import add_inputs\nprint('ready', flush=True)\nsys.stdin.readline()\n"
    "for each in add_inputs(sys.argv[1], sys.argv[2:], batch=3): print('stored', flush=True)"
)

NEST = (  # has imported all; forks a writer for each line, so that killing one costs no start of Python
    "import os, sys\nimport duckdb, pyarrow, snowballstemmer\nfrom attribution.corpus.adding import add_inputs\n"
    "for line in sys.stdin:\n"
    "    child = os.fork()\n"
    "    if not child:\n"
    "        print(os.getpid(), flush=True)\n"
    "        for each in add_inputs(sys.argv[1], sys.argv[2:], batch=3): print('stored', flush=True)\n"
    "        os._exit(0)\n"
    "    os.waitpid(child, 0)\n"
    "    print('gone', flush=True)\n"
)


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_store_in_use_is_waited_for(store: Store) -> None:
    store.close()
    holder = start(HOLD, store.path)
    assert holder.stdout and holder.stdin and holder.stdout.readline() == "open\n"
    with pytest.raises(StoreError, match=rf"in use by process {holder.pid}, still after 0.1 seconds.*--wait"):
        Store.open(store.path, read_only=True, wait=0.1)
    holder.stdin.write("\n")
    holder.stdin.flush()
    with Store.open(store.path, wait=30) as again, pytest.raises(StoreError, match="this or another process"):
        Store.open(again.path, read_only=True, wait=0)
    holder.communicate()


def many(path: Path, count: int, *, first: int = 0) -> Path:
    """A file of claims of made articles; every tenth is a new version of the one before it."""
    articles = [
        said(f"“The {i} words of this are said again, and {i % 7} more,”", f"Person {i % 5} Smith", n=first + i - (i % 10 == 9), article_outlet=f"o{(i - (i % 10 == 9)) % 3}")
        for i in range(count)
    ]
    write(articles, path, format="jsonl")
    return path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_writer_that_is_killed_leaves_whole_articles_and_a_rerun_completes_them(tmp_path: Path) -> None:
    source = many(tmp_path / "claims.jsonl", 40)
    list(add_inputs(tmp_path / "undisturbed.duckdb", [source], batch=3))
    whole = content(tmp_path / "undisturbed.duckdb")
    records = {c["id"]: len(c["claims"]) for c in map(json.loads, source.read_text().splitlines())}
    path = tmp_path / "killed.duckdb"
    dice, until, kills = random.Random(7), time.monotonic() + 8, 0
    nest = start(NEST, path, source)
    assert nest.stdin and nest.stdout
    while kills < 20 and time.monotonic() < until:
        nest.stdin.write("\n")
        nest.stdin.flush()
        writer = int(nest.stdout.readline())
        for _ in range(dice.randrange(3)):
            if nest.stdout.readline() == "gone\n":
                break
        else:
            time.sleep(dice.random() * 0.15)
            os.kill(writer, signal.SIGKILL)
            while nest.stdout.readline() != "gone\n":
                pass
        kills += 1
        if path.exists():
            with Store.open(path, read_only=True) as store:
                for number in range(1, store.info().articles + store.info().versions + 1):
                    stored = store.article(number)
                    assert len(stored.claims) == records[stored.article.id]
    nest.communicate()
    assert kills >= 3
    list(add_inputs(path, [source], batch=3))
    assert content(path) == whole


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_replacement_that_is_killed_leaves_each_article_old_or_new(tmp_path: Path) -> None:
    texts = [f"“The {i} words of this are said again, and {i % 7} more,” said Person {i % 5} Smith. “Nobody said the {i} others at all,” he said." for i in range(30)]
    old, new = ([make(t, [{"content": [at(t, "“" + t.split("“")[k + 1].split("”")[0] + "”")], "speaker": f"P{k}", "type": "direct"}], id=f"a{i}", source="x", outlet="o") for i, t in enumerate(texts)] for k in (0, 1))  # fmt: skip
    write(new, tmp_path / "new.jsonl")
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.add(old)
    nest = start(NEST.replace("batch=3)", "batch=1, again=True)"), path, tmp_path / "new.jsonl")
    assert nest.stdin and nest.stdout
    dice, until, seen = random.Random(5), time.monotonic() + 8, [0]
    while seen[-1] < 30 and time.monotonic() < until:
        nest.stdin.write("\n")
        nest.stdin.flush()
        writer = int(nest.stdout.readline())
        for _ in range(dice.randrange(1, 16)):
            if nest.stdout.readline() == "gone\n":
                break
        else:
            time.sleep(dice.random() * 0.05)
            os.kill(writer, signal.SIGKILL)
            while nest.stdout.readline() != "gone\n":
                pass
        with Store.open(path, read_only=True) as store:
            names = [tuple(c.speaker.name for c in store.article(i).claims) for i in range(1, 31)]
            assert set(names) <= {("P0",), ("P1",)}
            seen.append(names.count(("P1",)))
    nest.communicate()
    assert seen == sorted(seen) and seen[-1] > 0, seen  # what was replaced stays so
    list(add_inputs(path, [tmp_path / "new.jsonl"], batch=3, again=True))
    with Store.open(tmp_path / "at once.duckdb") as store:
        store.add(new)
    with Store.open(path, read_only=True) as store, Store.open(tmp_path / "at once.duckdb", read_only=True) as whole:
        assert [store.article(i).claims for i in range(1, 31)] == [whole.article(i).claims for i in range(1, 31)]
        assert store.execute("SELECT count(*) FROM claim") == [(30,)]
        assert sorted(store.execute("SELECT * FROM quotation")) == sorted(whole.execute("SELECT * FROM quotation"))


def test_two_writers_at_once_store_everything_once(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    files = [many(tmp_path / "a.jsonl", 30), many(tmp_path / "b.jsonl", 30, first=100)]
    writers = [start(ADD, path, *files), start(ADD, path, *reversed(files))]
    for writer in writers:
        assert writer.stdout and writer.stdin and writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("\n")
        writer.stdin.flush()
    assert [writer.communicate() and writer.returncode for writer in writers] == [0, 0]
    with Store.open(path) as store:
        info = store.info()
        assert (info.articles, info.versions, info.claims) == (54, 6, 54)
        assert store.execute("SELECT count(*), count(DISTINCT number), count(DISTINCT (key, sha256)) FROM article") == [(60, 60, 60)]
        assert store.execute("SELECT count(*), count(DISTINCT number) FROM claim") == [(60, 60)]
