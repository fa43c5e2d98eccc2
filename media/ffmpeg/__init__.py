"""What runs FFmpeg, asks what it can do, or describes the files that it reads and makes."""
