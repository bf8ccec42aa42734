"""The pages of the site, one module for each kind."""

from macaw.site.page import Part
from macaw.site.pages import claims, codebook, compare, data, entity, estimates, home, tables, texts

# In the order in which they are written; a part adds itself here and in the navigation (site.toml).
PARTS: tuple[Part, ...] = (
    home.PART,
    tables.PART,
    entity.PART,
    compare.PART,
    claims.PART,
    estimates.PART,
    codebook.PART,
    data.PART,
    texts.PART,
)

__all__ = ["PARTS"]
