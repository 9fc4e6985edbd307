"""The box (推荐箱): every member takes part on a phone or with a visitor, and nobody can look into it.

A process and files of its own. Who took part and what was named lie apart with nothing joining them, and what was named
lies sealed to a key that is only used once, when the box is closed, and destroyed with everything it could open.
"""
