"""The exceptions that attribution raises.

* AttributionError: all of ours
    * InputError: an article cannot be read (what, where, what to do)
        * LanguageError: an article is not in English, and was left out
    * ModelError: the model or a part of it is missing or does not fit
    * OutputError: claims cannot be written there, or not in that format
    * StoreError: a store of claims cannot be opened or written, or is in use
        * QuestionError: a question to a store is wrong
    * RunError: a run over many files cannot go on; what is done is kept
    * MissingExtraError: an optional dependency is needed; the message is the install line
"""

from __future__ import annotations


class AttributionError(Exception):
    """Any error of this package."""


class InputError(AttributionError):
    """An input cannot be read as an article."""

    def __init__(self, where: str, reason: str) -> None:
        """Args:
        where: the file, with its line where there is one.
        reason: what is wrong and what to do about it.
        """
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        return type(self), (self.where, self.reason)


class LanguageError(InputError):
    """An article is surely in another language than English, and was left out."""

    def __init__(self, where: str, language: str) -> None:
        """Args:
        where: the file, with its line where there is one.
        language: the ISO 639-1 code of its language.
        """
        super().__init__(where, f"is in another language than English ({language}): skipped; --any-language reads it")
        self.language = language

    def __reduce__(self) -> tuple[type[LanguageError], tuple[str, str]]:
        return type(self), (self.where, self.language)


class StoreError(AttributionError):
    """A store of claims cannot be opened or written, or is in use."""

    def __init__(self, where: str, reason: str) -> None:
        """Args:
        where: the store's file, or what was asked.
        reason: what is wrong and what to do about it.
        """
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason

    def __reduce__(self) -> tuple[type[StoreError], tuple[str, str]]:
        return type(self), (self.where, self.reason)


class QuestionError(StoreError):
    """A question to a store of claims is wrong: its SQL, or words to look for."""


class RunError(AttributionError):
    """A run over many files cannot go on; what is done is kept, and the same run takes it up again."""


class ModelError(AttributionError):
    """The model is missing or does not fit this version."""


class MissingExtraError(AttributionError):
    """An optional dependency is not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        """Args:
        extra: name of the extra, as in pyproject.toml.
        purpose: what needs it.
        """
        super().__init__(f"{purpose} needs more packages: pip install 'claim-attribution[{extra}]'")
        self.extra = extra
        self.purpose = purpose

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        return type(self), (self.extra, self.purpose)


class OutputError(AttributionError):
    """Claims cannot be written: the target or the format does not fit."""

    def __init__(self, where: str, reason: str) -> None:
        """Args:
        where: the target or the format.
        reason: what is wrong and what to do about it.
        """
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason

    def __reduce__(self) -> tuple[type[OutputError], tuple[str, str]]:
        return type(self), (self.where, self.reason)
