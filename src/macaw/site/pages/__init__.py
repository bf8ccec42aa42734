"""The pages of the site, one module for each kind."""

from macaw.site.page import Part
from macaw.site.pages import home

# In the order in which they are written; a part adds itself here and in the navigation (site.toml).
PARTS: tuple[Part, ...] = (home.PART,)

__all__ = ["PARTS"]
