"""Member rosters made elsewhere (导入名册): what they say in our own form's words, shown before anything is written."""
