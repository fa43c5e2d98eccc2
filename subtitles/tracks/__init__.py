"""How a track comes to be: from a machine, from a file, or out of the film; and its versions."""
