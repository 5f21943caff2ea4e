"""Official Word documents: plain dataclasses in, the bytes of a .docx out.

Nothing here knows Django or a database. The page follows GB/T 9704-2012 as read in
reposts of the standard; conformity has not been checked against the official text.
"""
