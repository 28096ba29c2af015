"""Values of a record as the one text that simpler formats have for them, and back."""

from __future__ import annotations

from muniment.metadata.languages import authority_of, is_language_code
from muniment.metadata.record import Identifier, Language, Title


def title_text(title: Title) -> str:
    """A title with its article, subtitle and parts: `The sea: a novel. 2. Storms`."""
    main = f"{title.non_sort} {title.value}" if title.non_sort else title.value
    if title.subtitle:
        main += f": {title.subtitle}"
    return ". ".join(part for part in (main, title.part_number, title.part_name) if part)


def identifier_text(identifier: Identifier) -> str:
    """`isbn: 0451450523`: the type before the value, unless the value says it itself."""
    if identifier.kind is None or ":" in identifier.value:
        return identifier.value
    return f"{identifier.kind}: {identifier.value}"


def language_from(text: str) -> Language:
    """A language by its code, with the list that the code is from, or by its name."""
    return Language(value=text, authority=authority_of(text) if is_language_code(text) else None)
