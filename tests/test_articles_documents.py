"""PDF, Word and mail: files made by the formats' own libraries, read back."""

from __future__ import annotations

import email.policy
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import fpdf
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from story import CAPTION, HEADLINE, PARAGRAPHS, page

import attribution
from attribution.articles import limits
from attribution.articles.print_lines import Line, join_lines
from attribution.articles.read import read, read_all
from attribution.claims import Article
from attribution.errors import InputError

ASCII = str.maketrans({"“": '"', "”": '"', "’": "'"})


class Paper(fpdf.FPDF):
    """Pages with a running head and numbers at the foot."""

    def header(self) -> None:
        self.set_font("helvetica", size=8)
        self.cell(0, 8, f"The Lugo Daily - 4 March 2025 - {self.page_no()}", align="R")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=8)
        self.cell(0, 8, f"Page {self.page_no()}", align="C")


def pdf(path: Path, paragraphs: list[str], *, indent: bool = False, headline: str = HEADLINE, width: float = 0) -> Path:
    made = Paper()
    made.set_title(headline)
    made.set_author("Dana Moss")
    made.set_lang("en-GB")
    made.add_page()
    made.set_font("helvetica", "B", 20)
    made.multi_cell(120, 10, headline, align="L", new_x="LMARGIN", new_y="NEXT")
    made.ln(4)
    made.set_font("times", size=12)
    for paragraph in paragraphs:
        made.multi_cell(width, 6, ("      " if indent else "") + paragraph, align="J", new_x="LMARGIN", new_y="NEXT")
        made.ln(0 if indent else 3)
    made.output(str(path))
    return path


@pytest.mark.parametrize("indent", [False, True])
def test_pdf_lines_and_pages_become_paragraphs(tmp_path: Path, indent: bool) -> None:
    paragraphs = [p.translate(ASCII) for p in PARAGRAPHS] * 10
    article = read(pdf(tmp_path / "levy.pdf", paragraphs, indent=indent))
    assert article.text.split("\n\n") == [HEADLINE, *paragraphs]
    assert (article.id, article.title, article.authors, article.language) == ("levy", HEADLINE, ("Dana Moss",), "en")
    assert article.text[article.blocks[0].span.start : article.blocks[0].span.end] == HEADLINE
    assert article.blocks[0].kind == "headline" and article.published is None
    assert article.reader == f"pypdf {pypdf.__version__}"


def test_pdf_headline_of_two_lines_is_one_paragraph(tmp_path: Path) -> None:
    headline = "Mayor of Lugo says no to the levy that the region wants from its towns"
    article = read(pdf(tmp_path / "a.pdf", [p.translate(ASCII) for p in PARAGRAPHS], headline=headline))
    assert headline in article.text.split("\n\n") and article.title == headline


@pytest.mark.model
def test_pdf_says_what_its_plain_text_says(tmp_path: Path) -> None:
    paragraphs = [p.translate(ASCII) for p in PARAGRAPHS]
    from_pdf = attribution.extract(read(pdf(tmp_path / "a.pdf", paragraphs, width=90)))
    from_text = attribution.extract("\n\n".join([HEADLINE, *paragraphs]))
    assert [(c.speaker.name, c.content.text) for c in from_pdf] == [(c.speaker.name, c.content.text) for c in from_text]


def _printed(*lines: str) -> list[Line]:
    return [Line(text, 50, 700 - 14 * n, 10) for n, text in enumerate(lines)]


def test_hyphens_at_line_ends_go_unless_the_text_writes_them() -> None:
    page_ = _printed(
        "The govern-", "ment said that long-", "term plans for the long-term bridge were un\u00ad", "certain. The 19-", "year-old agreed.",
    )  # fmt: skip
    assert join_lines([page_])[0] == (
        "The government said that long-term plans for the long-term bridge were uncertain. The 19- year-old agreed."
    )


def test_a_sentence_goes_on_over_the_page() -> None:
    first = [*_printed("A line that fills the width of the column and", "goes on to say that"), Line("7", 300, 20, 10)]
    second = [*_printed("nobody was hurt. A line that fills the width as", "well and ends here."), Line("8", 300, 20, 10)]
    assert join_lines([first, second])[0].count("\n") == 0 and "7" not in join_lines([first, second])[0]


def test_columns_are_read_one_after_the_other() -> None:
    left = [Line("In the left column he said that the", 50, 700 - 14 * n, 10) for n in range(3)]
    right = [Line("road was closed and it would stay so", 320, 700 - 14 * n, 10) for n in range(3)]
    text, _ = join_lines([[*left, *right]])
    assert "\n" not in text and text.index("road") > text.index("In the left")


def test_pdf_without_text_asks_for_recognition(tmp_path: Path) -> None:
    made = fpdf.FPDF()
    made.add_page()
    made.rect(20, 20, 100, 100)
    made.output(str(tmp_path / "scan.pdf"))
    with pytest.raises(InputError, match=r"scan\.pdf: the PDF holds no text.*OCR"):
        read(tmp_path / "scan.pdf")


def test_locked_and_damaged_pdf(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [p.translate(ASCII) for p in PARAGRAPHS])
    for password, says in (("secret", "locked with a password"), ("", None)):
        writer = pypdf.PdfWriter(clone_from=path)
        writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
        writer.write(tmp_path / "locked.pdf")
        if says:
            with pytest.raises(InputError, match=says):
                read(tmp_path / "locked.pdf")
        else:  # only its printing is restricted: anybody can open it
            assert HEADLINE in read(tmp_path / "locked.pdf").text
    (tmp_path / "cut.pdf").write_bytes(path.read_bytes()[:600])
    with pytest.raises(InputError, match="cannot be read as PDF"):
        read(tmp_path / "cut.pdf")


def test_pdf_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pdf(tmp_path / "a.pdf", [p.translate(ASCII) for p in PARAGRAPHS] * 10)
    monkeypatch.setattr("attribution.articles.pdf.MAX_PDF_PAGE_BYTES", 1000)
    with pytest.raises(InputError, match=r"page 1: .* of drawing commands, more than 1,000 bytes"):
        read(path)
    monkeypatch.setattr("attribution.articles.pdf.MAX_PDF_PAGES", 1)
    with pytest.raises(InputError, match="a PDF of 3 pages, more than 1: split"):
        read(path)


def test_pdf_forms_within_forms_end_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty forms, each of which shows the next one twice: a thousand billion lines from four kilobytes."""
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "a.pdf", ["He said no."]))
    inner = None
    for _ in range(40):
        form = DecodedStreamObject()
        form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        form.set_data(b"/F Do /F Do" if inner is not None else b"q Q")
        if inner is not None:
            form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/F"): inner})})
        inner = writer._add_object(form)
    page_ = writer.pages[0]
    page_[NameObject("/Resources")].get_object()[NameObject("/XObject")] = DictionaryObject({NameObject("/F"): inner})  # type: ignore[index]
    page_[NameObject("/Contents")] = writer._add_object(DecodedStreamObject.initialize_from_dictionary({"__streamdata__": b"/F Do", "/Length": 5}))
    writer.write(tmp_path / "b.pdf")
    monkeypatch.setattr("attribution.articles.pdf.MAX_PDF_OPERATIONS", 2000)
    with pytest.raises(InputError, match=r"page 1: more than 2,000 drawing commands"):
        read(tmp_path / "b.pdf")


def word(path: Path) -> Path:
    document = docx.Document()
    document.core_properties.title = "levy-draft-3"
    document.core_properties.author = "Dana Moss"
    document.core_properties.language = "en-GB"
    document.add_paragraph(HEADLINE, style="Title")
    document.add_paragraph(CAPTION, style="Caption")
    for paragraph in PARAGRAPHS:
        added = document.add_paragraph()
        for n, word_ in enumerate(paragraph.split(" ")):  # Word splits paragraphs into runs at will
            added.add_run((" " if n else "") + word_).bold = bool(n % 2)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Levy", "3 million"
    document.save(str(path))
    return path


def test_word(tmp_path: Path) -> None:
    article = read(word(tmp_path / "levy.docx"))
    assert article.text.split("\n\n") == [HEADLINE, CAPTION, *PARAGRAPHS, "Levy", "3 million"]
    assert (article.id, article.title, article.authors, article.language) == ("levy", HEADLINE, ("Dana Moss",), "en")
    kinds = {b.kind: article.text[b.span.start : b.span.end] for b in article.blocks}
    assert kinds["headline"] == HEADLINE and kinds["credit"] == "(Photo: Inés Campo)"


@pytest.mark.model
def test_word_says_what_its_plain_text_says(tmp_path: Path) -> None:
    from_word = attribution.extract(read(word(tmp_path / "levy.docx")))
    from_text = attribution.extract("\n\n".join([HEADLINE, CAPTION, *PARAGRAPHS, "Levy", "3 million"]))
    assert [(c.speaker.name, c.content.text) for c in from_word] == [(c.speaker.name, c.content.text) for c in from_text]


def test_word_that_is_none_or_empty_or_a_bomb(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "empty.docx"))
    with zipfile.ZipFile(tmp_path / "photos.docx", "w") as archive:
        archive.writestr("a.txt", "He said no.")
    bomb = io.BytesIO(word(tmp_path / "bomb.docx").read_bytes())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/extra.xml", b" " * (limits.MAX_FILE_BYTES + 1))
    (tmp_path / "bomb.docx").write_bytes(bomb.getvalue())
    (tmp_path / "cut.docx").write_bytes(word(tmp_path / "whole.docx").read_bytes()[:900])
    for name, says in (
        ("empty", "holds no text"), ("photos", "a zip archive, but no .docx"), ("bomb", "unpacks to 25[67] MiB, more than 256"), ("cut", "cannot be read as .docx"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=says):
            read(tmp_path / f"{name}.docx")


def test_word_entities_do_not_expand(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    source = zipfile.ZipFile(word(tmp_path / "a.docx"))
    with zipfile.ZipFile(tmp_path / "b.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"?>", b"?>" + laughs.encode() + b"]>", 1).replace(b"Levy", b"&j;")
            archive.writestr(name, data)
    source.close()
    found = next(iter(read_all([tmp_path / "b.docx"])))
    assert isinstance(found, InputError) or "hahaha" not in found.text


def mail(*, plain: str | None, html: str | None = None, charset: str = "utf-8") -> bytes:
    message = EmailMessage()
    message["From"] = "Lugo Daily <news@lugo.example>"
    message["To"] = "desk@reader.example"
    message["Subject"] = HEADLINE + " – ¡no!"
    message["Date"] = "Tue, 04 Mar 2025 10:11:00 +0100"
    message["Message-ID"] = "<1@lugo.example>"
    if plain is not None:
        message.set_content(plain, charset=charset)
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html or "", subtype="html")
    message.add_attachment("He said nothing.", filename="notes.txt")
    return message.as_bytes(policy=email.policy.SMTP)


def test_mail(tmp_path: Path) -> None:
    path = tmp_path / "levy.eml"
    text = "\n\n".join(PARAGRAPHS)
    path.write_bytes(mail(plain=text))
    article = read(path)
    assert article.text.replace("\r\n", "\n").strip() == text
    assert (article.id, article.title, article.outlet) == ("levy", HEADLINE + " – ¡no!", "Lugo Daily")
    assert (article.published, article.encoding) == ("2025-03-04T10:11:00+01:00", "utf-8")


def test_mail_takes_the_part_that_says_more(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    markup = "<html><head><style>p {color: red}</style></head><body>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    path.write_bytes(mail(plain="View this mail in your browser.", html=markup))
    assert read(path).text == "\n\n".join(PARAGRAPHS)
    path.write_bytes(mail(plain=None, html=page()))
    assert PARAGRAPHS[0] in read(path).text.split("\n\n")
    path.write_bytes(mail(plain="\n".join(PARAGRAPHS), html=markup))
    assert read(path).text.replace("\r\n", "\n").strip() == "\n".join(PARAGRAPHS)


def test_mail_in_an_unknown_or_wrong_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    data = mail(plain="\n\n".join(PARAGRAPHS), charset="windows-1252")
    path.write_bytes(data)
    assert read(path).encoding == "cp1252" and PARAGRAPHS[0] in read(path).text
    path.write_bytes(data.replace(b"windows-1252", b"x-no-such"))
    assert PARAGRAPHS[0] in read(path).text


def test_mail_of_parts_within_parts(tmp_path: Path) -> None:
    head = b"From: a\nMIME-Version: 1.0\n"
    for n in range(3000):
        head += f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n'.encode()
    (tmp_path / "a.eml").write_bytes(head + b"Content-Type: text/plain\n\nHe said no.")
    with pytest.raises(InputError, match=r"a mail of more than 1,000 parts|cannot be read as a mail"):
        read(tmp_path / "a.eml")


def test_mail_without_text(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(plain="  \n"))
    with pytest.raises(InputError, match="the mail holds no text"):
        read(tmp_path / "a.eml")


def test_readers_are_chosen_by_content_where_the_name_says_nothing(tmp_path: Path) -> None:
    made = {
        "1": pdf(tmp_path / "a.pdf", [p.translate(ASCII) for p in PARAGRAPHS]).read_bytes(),
        "2": word(tmp_path / "a.docx").read_bytes(),
        "3": mail(plain="\n\n".join(PARAGRAPHS)),
        "4": page().encode(),
        "5": "He said no.".encode("utf-16"),
        "6": ("\ufeff" + page()).encode("utf-16-le"),
        "7": b"From: the mayor\nTo: all\nThe town will not pay, she said.",
    }
    readers = []
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        found = next(iter(read_all([tmp_path / name])))
        assert isinstance(found, Article), found
        readers.append((found.reader or "").split(" ")[0])
    assert readers == ["pypdf", "python-docx", "mail", "trafilatura", "plain", "trafilatura", "plain"]
