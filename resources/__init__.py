"""Everything that is data: icons, themes, templates, policies, catalogues, help and translations."""
