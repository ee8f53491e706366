"""The words that a measure's pack may weigh. Matching's table of features is the same set; a test compares them."""

from __future__ import annotations

MAIN_SIGNALS = frozenset(
    {
        "exact_mark",
        "fuzzy_mark",
        "alias",
        "title_match",
        "copied_text",
    }
)
"""These compete: the best of them, times its weight (0 to 1), is what a score starts from."""

QUALIFIER_SIGNALS = frozenset(
    {
        "disguise",
        "replica_word",
        "price_below_reference",
        "authorisation_claim",
        "class_match",
        "class_mismatch",
        "nominative_use",
        "word_boundary",
        "ordinary_word",
        "short_mark",
        "author_match",
        "author_mismatch",
        "seller_history",
    }
)
"""These adjust: each adds its weight (-1 to 1) times its strength."""

SIGNALS = MAIN_SIGNALS | QUALIFIER_SIGNALS
