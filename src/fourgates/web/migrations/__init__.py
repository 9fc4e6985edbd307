"""The tables of the site, step by step (数据表沿革)."""
