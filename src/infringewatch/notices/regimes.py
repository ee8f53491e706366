"""The ways of notice that there are texts for, and what the law asks each notice to hold.

CN-EC: E-Commerce Law of the PRC, art. 42 (notice with prima facie evidence).
CN-NET: Regulations on the Right of Communication through Information Networks, art. 14 (three contents).
US-DMCA: 17 U.S.C. § 512(c)(3)(A)(i)-(vi). Nothing here is legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infringewatch.model import RightKind

FIELDS = ("holder", "address", "contact", "recipient", "signature")
"""What a person fills in; every regime needs all of them."""


@dataclass(frozen=True, slots=True)
class NoticeRegime:
    """``statements`` are what the signer must declare; ``kinds`` the rights that the way is open to."""

    id: str
    basis: str
    statements: tuple[str, ...]
    kinds: frozenset[RightKind]


_COPYRIGHT = frozenset({RightKind.COPYRIGHT})
REGIMES: Mapping[str, NoticeRegime] = {
    regime.id: regime
    for regime in (
        NoticeRegime("CN-EC", "《电子商务法》第四十二条", ("accuracy",), frozenset(RightKind)),
        NoticeRegime("CN-NET", "《信息网络传播权保护条例》第十四条", ("accuracy",), _COPYRIGHT),
        NoticeRegime("US-DMCA", "17 U.S.C. § 512(c)(3)", ("good_faith", "accuracy"), _COPYRIGHT),
    )
}
