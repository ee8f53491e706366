"""The markups in which a page says in machine-readable form what it shows. Each becomes schema.org-like objects."""
