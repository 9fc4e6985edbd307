"""Choose a list that meets overlapping shares with the greatest support, prove it, explain it (结构关).

``model`` is what is asked, ``check`` judges any list, ``solve`` finds the best one, ``conflict`` says why there is
none, ``certificate`` verifies both without the solver. Only ``engine`` knows the solver.
"""
