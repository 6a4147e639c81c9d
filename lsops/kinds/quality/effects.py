"""What a change of how agreement is computed does to scores that exist; this module holds no kind.

The server keeps scores with its tasks, and has jobs that compute them anew for those that lack them. When it starts one
by itself is in no description of the API.
"""

OTHERWISE = (
    "agreement is computed otherwise from now on, and with it what filters, assigns and reviews by it",
    "whether tasks that have a score get a new one is the server's to say: it is not documented",
)
