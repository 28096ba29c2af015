"""The Library of Congress's own implementation judges our bag: the only importer of bagit."""

from __future__ import annotations

import logging
from pathlib import Path


def second_opinion(folder: Path) -> str | None:
    """What bagit-python says against the bag, in its own words; None where it accepts it."""
    import bagit

    logger = logging.getLogger("bagit")
    before = logger.disabled
    logger.disabled = True
    try:
        bagit.Bag(str(folder)).validate(processes=1)
    except bagit.BagError as error:
        return str(error)
    except (ValueError, TypeError, KeyError, OSError) as error:
        # Its known crashes on what it does not expect; a crash is no acceptance.
        return f"{type(error).__name__}: {error}"
    finally:
        logger.disabled = before
    return None
