"""What has changed since the day of a handover: its facts asked again, compared, and told apart by harm.

`facts.py` reads the facts off a handover, `look.py` asks for them anew, `compare.py` judges (pure), `baseline.py`
writes down what was answered on the day of the export, in the very form in which it is compared later.
"""
