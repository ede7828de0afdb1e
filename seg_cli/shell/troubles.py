"""What the machine under the appliance refuses to do, in sentences that are told once."""


class Troubles:
    """Sentences that wait for somebody to tell: the next prompt, or the end of the program."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def add(self, sentence: str) -> None:
        """Keep a sentence for whoever asks next."""
        self._sentences.append(sentence)

    def take(self) -> list[str]:
        """What nobody was told yet."""
        taken, self._sentences = self._sentences, []
        return taken
