"""Texts read aloud: sentences, voices, recordings, and the stage that makes a narration."""
