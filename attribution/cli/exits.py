"""Exit codes that several commands share, beside 0 (all well), 1 (unexpected error) and 2 (wrong usage)."""

SOME_FAILED, NOTHING_USABLE = 3, 4
