"""``python -m attribution``."""

from attribution.cli.main import main

main()
