"""The environment of a code folder: which variables its code reads, which are declared, and what is wrong between.

Text in, names out: nothing of the folder is run, and no value leaves it.
"""
