"""Films that the program draws itself: from a storyboard and a narration to a video.

Nothing here knows what a lesson or a manual is: whoever has something to tell gives a storyboard.
"""
