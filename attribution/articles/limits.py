"""The limits of what is read: each keeps one hostile or mistaken input from taking the memory or the time of the rest."""

from __future__ import annotations

from attribution.errors import InputError

MIB = 2**20

MAX_CHARACTERS = 1_000_000
"""Characters of one article: a long novel."""

MAX_FILE_BYTES = 256 * MIB
"""Bytes of a file that holds one article, after decompression."""

MAX_PAGE_BYTES = 32 * MIB
"""Bytes of one HTML page, in a file, a mail or an archive."""

MAX_LINE_BYTES = 32 * MIB
"""Bytes of one line of a JSONL, CSV or TSV file: an article whose every character is escaped takes 12 MB."""

MAX_FIELDS = 4096
"""Columns of a table."""

MAX_EXPANSION = 200
"""How many times its size a compressed input may grow; text grows four times, long repeats thirty."""

FREE_EXPANSION_BYTES = 64 * MIB
"""What a compressed input may grow to before ``MAX_EXPANSION`` is asked for."""

MAX_LAYERS = 2
"""Compressions around each other."""

MAX_SPOOLED_BYTES = 4096 * MIB
"""Bytes of a Parquet file that comes compressed or through a pipe: it is put on disk, as it is read from its end."""

MAX_PDF_PAGES = 2000
"""Pages of a PDF."""

MAX_PDF_PAGE_BYTES = 16 * MIB
"""Bytes of drawing commands on one page of a PDF."""

MAX_PDF_OPERATIONS = 5_000_000
"""Drawing commands of a PDF: forms within forms can make few bytes into endlessly many."""

MAX_ARCHIVE_ENTRIES = 10_000
"""Files in the zip archive that a .docx file is."""

MAX_DEPTH = 256
"""Elements of a page inside each other: libxml2 reads no deeper."""

MAX_FEED_BYTES = 64 * MIB
"""Bytes of a feed."""

MAX_MAIL_PARTS = 1000
"""Parts of a mail."""

FETCH_SECONDS = 30.0
"""Seconds that loading a URL may take, redirects included."""

FETCH_BYTES = 32 * MIB
"""Bytes that a URL may give."""

FETCH_REDIRECTS = 5
"""Redirects that are followed."""


def readable(size: int) -> str:
    """A number of bytes in words: 33554432 → "32 MiB"."""
    return f"{size // MIB} MiB" if size >= MIB else f"{size:,} bytes"


def check_length(text: str, where: str) -> None:
    """Raise InputError for a text too long to be an article."""
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            where, f"one text of {len(text):,} characters, more than {MAX_CHARACTERS:,}: split it into articles"
        )
