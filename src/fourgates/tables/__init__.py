"""Tables of published facts (数据表); where each comes from stands in the README beside them."""
