"""What is watched and heard: videos, their renditions, and the files served to a television."""
