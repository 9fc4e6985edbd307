"""Four gates (四关): the rules, the record and the papers of a selection of delegates."""
