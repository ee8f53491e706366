"""InfringeWatch: finds copies of registered marks and works online, seals the evidence, and carries a lawful takedown."""

__version__ = "0.1.0"
