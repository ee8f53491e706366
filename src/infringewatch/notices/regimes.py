"""The ways of notice that there are texts for, and what the law asks each notice to hold.

CN-EC: E-Commerce Law of the PRC, art. 42 (notice with prima facie evidence).
CN-NET: Regulations on the Right of Communication through Information Networks, art. 14 (three contents).
US-DMCA: 17 U.S.C. § 512(c)(3)(A)(i)-(vi). EU-DSA: Regulation (EU) 2022/2065, art. 16(2).
Nothing here is legal advice; ``rules/regimes`` holds articles, dates and what is verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infringewatch.model import RightKind

FIELDS = ("holder", "address", "contact", "recipient", "signature")
"""What a person fills in for every regime."""


@dataclass(frozen=True, slots=True)
class NoticeRegime:
    """``statements`` are what the signer must declare; ``kinds`` the rights that the way is open to;
    ``fields`` what a person fills in."""

    id: str
    basis: str
    statements: tuple[str, ...]
    kinds: frozenset[RightKind]
    fields: tuple[str, ...] = FIELDS


_COPYRIGHT = frozenset({RightKind.COPYRIGHT})
REGIMES: Mapping[str, NoticeRegime] = {
    regime.id: regime
    for regime in (
        NoticeRegime("CN-EC", "《电子商务法》第四十二条", ("accuracy",), frozenset(RightKind)),
        NoticeRegime("CN-NET", "《信息网络传播权保护条例》第十四条", ("accuracy",), _COPYRIGHT),
        NoticeRegime("US-DMCA", "17 U.S.C. § 512(c)(3)", ("good_faith", "accuracy"), _COPYRIGHT),
        NoticeRegime(
            "EU-DSA",
            "Regulation (EU) 2022/2065, art. 16(2)",
            ("good_faith",),
            frozenset(RightKind),
            (*FIELDS, "reasons"),
        ),
    )
}
