"""Rebuild what is generated from outside sources: `make data`. The diff is reviewed and committed."""

from pathlib import Path

import gazetteer
from forms import build_forms
from nouns import build_nouns

RULES = Path(__file__).parents[2] / "rules"


def main() -> None:
    """Write the gazetteer, the nouns of the word classes and the table of inflected forms."""
    gazetteer.build()
    print(f"wrote {build_nouns(RULES)}")
    print(f"wrote {build_forms(RULES)}")


if __name__ == "__main__":
    main()
