"""A clean build: the founder's own commands, in a fresh clone, with nothing of this machine but its programs.

`running.building` runs one and tells how it goes; `keeper.py` is the small program that holds all that a build starts.
"""
