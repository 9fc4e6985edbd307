"""The report in figures (报告): every number with its rule, its entries and the list behind it."""
