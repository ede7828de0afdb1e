"""The least that prompt_toolkit can do: the peer of key to echo."""

from prompt_toolkit import PromptSession

session: PromptSession[str] = PromptSession()
while True:
    session.prompt("bare> ")
