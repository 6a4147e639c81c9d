"""One module per verb: functions of values, which the command line and the Python API both run.

An operation takes a frozen request, the open session where there is one, and an `Interaction`; it returns a frozen
value or raises an `LsopsError`. It prints nothing, and of the environment it knows what the request says.
"""
