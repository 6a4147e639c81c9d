"""From what is live to a manifest that a person would have written: pure, but for `placing`, which writes it.

`survey` says what is read, and names it; `entries` makes an entry of each live resource, `lifting` finds what most
entries have in common, and `files` makes texts of all of it.
"""
