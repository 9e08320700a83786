"""Looking for keys in a code folder and its history: rules as data, two engines, and never a value that leaves.

`worker.py` runs in a process of its own: a pattern over a long line holds Python up, and a process can be ended.
"""
