"""The site (网站): every action is an event offered to the one writer, every page reads the fold; no rule lives here."""
