"""Analysing a file of answers: no server, no database, nothing kept.

`reading` brings any usual file into a table of texts, `guessing` says what its columns mean,
`counting` turns it into counts, `analysing` (with `periods` and `grouping`) into `findings`,
`telling` into words.
"""
