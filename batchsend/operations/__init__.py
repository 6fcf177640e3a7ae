"""What batchsend does, one file for each command: for the command line and for Python.

The only package that knows all the rooms. It decides no rule, prints nothing, and asks nobody.
"""
