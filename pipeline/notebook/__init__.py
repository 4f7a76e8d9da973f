"""What notebooks show: values as HTML, and figures."""

from pipeline.notebook.views import html_of

__all__ = ["html_of"]
