"""The pages of the site (页面): one module a noun, each with its addresses."""
