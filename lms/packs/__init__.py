"""课程盘: lessons as a folder that any television plays, signed by the city that made it."""
