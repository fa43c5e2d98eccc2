"""Chinese as it is written: words, numbers, spelling, and words that sound alike."""
