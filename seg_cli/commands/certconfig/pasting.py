"""What is pasted into certconfig: certificates and keys, read at once and refused in a sentence."""

from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Paste
from seg_cli.dialogue.questions import YesNo
from seg_cli.errors import Invalid
from seg_cli.standards.certificates import Certificate, format_name
from seg_cli.standards.identities import PrivateKey, read_certificates, read_key, require_fit

CERTIFICATE = "Paste public certificate in PEM format"
KEY = "Paste private key in PEM format"
INTERMEDIATE = "Paste intermediate certificate in PEM format"

NOT_ONE = "Paste one certificate; those above it are asked for afterwards."


async def ask_certificate(console: Console) -> Certificate:
    """The public certificate; whom it certifies is printed below it."""
    certificate = await console.ask(Paste("certificate", CERTIFICATE, check=read_one))
    console.write(f"{format_name(certificate.subject)}\n")
    return certificate


async def ask_certificate_for(console: Console, key: PrivateKey) -> Certificate:
    """Another public certificate for a key that is there already."""

    def check(text: str) -> Certificate:
        certificate = read_one(text)
        require_fit(certificate, key)
        return certificate

    certificate = await console.ask(Paste("certificate", CERTIFICATE, check=check))
    console.write(f"{format_name(certificate.subject)}\n")
    return certificate


async def ask_key(console: Console, certificate: Certificate) -> PrivateKey:
    """The private key of this certificate and of no other."""

    def check(text: str) -> PrivateKey:
        key = read_key(text)
        require_fit(certificate, key)
        return key

    return await console.ask(Paste("key", KEY, check=check))


async def ask_intermediates(console: Console) -> tuple[Certificate, ...]:
    """The certificates above it, one paste each, until there are enough."""
    found: list[Certificate] = []
    while await console.ask(another(len(found))):
        found.append(await console.ask(Paste("intermediate", INTERMEDIATE, check=read_one)))
    return tuple(found)


def another(number: int) -> YesNo:
    which = "another" if number else "an"
    prompt = f"Do you want to add {which} intermediate certificate?"
    return YesNo("more", prompt, default=False, opens=("intermediate",))


def read_one(text: str) -> Certificate:
    """The only certificate in a text; raises Invalid."""
    certificate, *others = read_certificates(text)
    if others:
        raise Invalid(NOT_ONE)
    return certificate
