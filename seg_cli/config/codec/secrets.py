"""The secrets among the words of a configuration: what is masked or encrypted in files to be shown.

They are the passwords in proxy URLs and the private keys of certificates.
"""

from collections.abc import Callable, Mapping

from seg_cli.config.codec.fields import Words
from seg_cli.config.updates import with_password

Change = Callable[[str], str]
"""A secret → what stands in its place, or back."""


def plain(secret: str) -> str:
    """A secret as it is."""
    return secret


def with_secrets(words: Words, change: Change) -> Words:
    """The words of all areas with each secret changed. Areas of another shape stay as they are."""
    changed = dict(words)
    if isinstance(updates := words.get("updateconfig"), Mapping):
        changed["updateconfig"] = {
            name: with_password(url, change) if isinstance(url, str) else url
            for name, url in updates.items()
        }
    certificates = words.get("certconfig")
    if isinstance(certificates, Mapping) and isinstance(
        profiles := certificates.get("profiles"), Mapping
    ):
        rows = {name: _with_key(row, change) for name, row in profiles.items()}
        changed["certconfig"] = {**certificates, "profiles": rows}
    return changed


def _with_key(row: object, change: Change) -> object:
    if isinstance(row, Mapping) and isinstance(key := row.get("key"), str):
        return {**row, "key": change(key)}
    return row
