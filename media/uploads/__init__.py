"""Resumable uploads: the tus protocol, the pieces on disk, and the form that makes a video."""
