"""Where settings, clock, chance, files and records are plugged together, and nowhere else.

* `assessing`: the judgement over files and streams, as the command line uses it
* `installation`: the desk with its records, its people and its clock, as the web and the worker use it
"""
