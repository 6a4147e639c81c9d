"""The pages: label configs before and after, side by side, with what changes in words and as lines of XML."""
