"""Posts with blanks: a template is a small file, which becomes a recipe when somebody fills it in."""

from vgan.templates.files import Listed, load, templates
from vgan.templates.fill import fill
from vgan.templates.model import Blank, Template, Words

__all__ = ["Blank", "Listed", "Template", "Words", "fill", "load", "templates"]
