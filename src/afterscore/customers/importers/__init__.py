"""Reading files of customers: pure of tables and of the clock.

`encodings` and `delimiters` find out how a file is written, `files` yields its rows, `headers`
says which column holds which field, `profiles` what its columns hold, `records` turns a row into
a customer or into the reasons why it is none.
"""

from __future__ import annotations
