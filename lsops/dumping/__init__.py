"""From what is live to a manifest that a person would have written: pure, but for `placing`, which writes it.

`survey` says what is read, and names it; `entries` makes an entry of each live resource, of which `essence` knows what
is worth writing; `lifting` finds what most entries have in common, `alike` those that differ in few places, of which
`templating` makes templates, and `files` makes texts of all of it.
"""
