"""Signing in with WeCom (企业微信): the corporation says who scanned the code."""
