"""People: who is in the organisation, in its workspaces and in its projects."""
