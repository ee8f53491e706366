"""Evidence: what was fetched, kept so that a stranger can check it offline.

``seal`` makes bundles, ``vault`` keeps them, ``verify`` checks them, ``package`` hands them out, ``sweep`` removes
those that no hit names. It knows no store and no matching: what it must say about a hit it is handed as documents.
"""
