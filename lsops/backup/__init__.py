"""The form of a backup: an index with checksums, numbered parts of JSON Lines, and uploaded files.

    index.json                  what there is: sizes, checksums, counts; written last
    0001/manifest-0001.jsonl    the files of the project's manifest, a line each
    0001/tasks-0001.jsonl       tasks with annotations, drafts and predictions, as the server exports them
    0001/comments-0001.jsonl    comments (Enterprise)
    0001/files-0001.jsonl       the links to uploaded files, each with the checksum of its file
    0001/files/3f5a…            uploaded files

Every name is made here, by whoever writes and by whoever reads: a backup may come from anybody, and none of its texts
is ever a path.
"""
