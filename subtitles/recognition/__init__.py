"""From the sound of a film to cues, by an engine in a process of its own."""
