"""Draws of findings for graders."""
