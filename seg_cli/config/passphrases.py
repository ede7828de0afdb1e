"""What stands for a passphrase in a configuration file: a mask, or its encrypted form.

Encrypted passphrases can be read back by the appliance that wrote them, by a key that never leaves
its directory.
"""

from pathlib import Path

from seg_cli.config.disk import read_or_make
from seg_cli.errors import BadFile

MASK = "*****"
ENCRYPTED = "$encrypted$"
"""What the encrypted form begins with."""

_KEY_FILE = "passphrase_key"


def mask(_: str) -> str:
    """The same for every passphrase, so that not even its length is told."""
    return MASK


class PassphraseCipher:
    """Encrypts and decrypts by the key of one appliance; raises UserError if the disk refuses."""

    def __init__(self, directory: Path) -> None:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - heavy, and seldom needed

        key = read_or_make(directory / _KEY_FILE, lambda: Fernet.generate_key().decode("ascii"))
        self._fernet = Fernet(key)

    def encrypt(self, passphrase: str) -> str:
        """The encrypted form; it holds neither blanks nor any of `:@/`, so it fits into a URL."""
        # A token may tell when it was made; the machine's time is nobody's business.
        token = self._fernet.encrypt_at_time(passphrase.encode(), current_time=0)
        return ENCRYPTED + token.decode("ascii")

    def decrypt(self, text: str) -> str:
        """The passphrase; what is not encrypted is one as it stands.

        Raises BadFile for a mask, and for what another appliance encrypted.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - as above

        if text == MASK:
            raise BadFile("The passphrases in the file are masked: it cannot be loaded.")
        if not text.startswith(ENCRYPTED):
            return text
        try:
            return self._fernet.decrypt(text.removeprefix(ENCRYPTED)).decode()
        except InvalidToken:
            raise BadFile("The passphrases in the file were encrypted elsewhere.") from None
