"""An independent reading of the contract: plain dictionaries and loops, slow, and nothing of the package's rules.

``reading`` brings a folder (from disk, or an invented one in memory) into plain tables, ``cells`` reads one cell,
``judge`` says what must come out, ``compare`` holds a run's answer against it. Where the contract's words leave a
choice, ``judge`` asks for it by name and ``compare`` accepts the answer of any choice.
"""
