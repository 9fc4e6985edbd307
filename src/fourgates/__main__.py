"""`python -m fourgates`."""

from fourgates.cli import main

main()
