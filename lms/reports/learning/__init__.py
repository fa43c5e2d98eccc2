"""学得怎样: where lessons fail those who learn, of everybody together.

docs/features/learning.md says what is counted, and what is told of it.
"""
