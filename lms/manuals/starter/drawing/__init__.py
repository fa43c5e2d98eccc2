"""Our own drawings for the starter's manuals: invented things, like no firm's.

    python -m lms.manuals.starter.drawing       # draws all pictures anew

The PNG files in the repository are what this made; only who changes a drawing needs to run it.
"""
