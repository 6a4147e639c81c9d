"""The HTTP edge: the only place that knows httpx.

A `Session` (`session.py`) sends one request at a time per thread, turns every bad answer into an error of
`lsops.errors`, and tells what kind of server it talks to. Nothing is imported here: what an answer must look like
(`forms.py`) is asked by kinds, which know no HTTP.
"""
