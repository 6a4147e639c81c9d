"""The page of `--format html`: its parts, its look (`page.css`) and its filters (`page.js`)."""
