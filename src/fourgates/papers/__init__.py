"""The forms people use: spreadsheets in, spreadsheets and documents out (表册)."""
