"""certconfig > CERTIFICATE > IMPORT, PASTE, NEW: where profiles come from."""

import asyncio
from dataclasses import replace

from seg_cli.commands.certconfig.pasting import ask_certificate, ask_intermediates, ask_key
from seg_cli.commands.configuration_files import ask_import
from seg_cli.config.certificates import CertificateProfile, is_demo
from seg_cli.config.codec.spellings import NAME
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line, Number, Secret
from seg_cli.dialogue.questions import Choice, Item, Layout, YesNo
from seg_cli.errors import Invalid
from seg_cli.shell.session import Session
from seg_cli.standards.identities import Identity, key_pem, read_pkcs12
from seg_cli.standards.issuing import Subject, Term, rsa_key, self_signed, signing_request

NAME_QUESTION = "Enter a name for this certificate profile:"
LONGEST_NAME = 64
LONGEST_PART = 64
MOST_DAYS = 36_500

KINDS = (
    Item("Create a self-signed certificate and CSR", "tls"),
    Item("Create a self-signed SMIME certificate and CSR", "smime"),
)
NO_SMIME = "This emulator signs and encrypts no messages, so it makes no S/MIME certificates."
SIZES = (Item("1024", 1024), Item("2048", 2048))


async def import_profile(session: Session) -> None:
    console = session.console
    data = await ask_import(console, session.appliance)
    passphrase = await console.ask(Secret("passphrase", "Enter the passphrase for this file:"))
    try:
        identity = read_pkcs12(data, passphrase)
    except Invalid as error:
        console.say(str(error))
        return
    add(session, await ask_name(session), identity)


async def paste_profile(session: Session) -> None:
    name = await ask_name(session)
    certificate = await ask_certificate(session.console)
    key = await ask_key(session.console, certificate)
    add(session, name, Identity(certificate, key, await ask_intermediates(session.console)))


async def new_profile(session: Session) -> None:
    console = session.console
    kind = await console.ask(Choice("kind", "", KINDS, default="tls", layout=Layout.NOWHERE))
    if kind != "tls":
        console.say(NO_SMIME)
        return
    name = await ask_name(session)
    subject = await ask_subject(console)
    days = await console.ask(
        Number("days", "Duration before expiration (in days):", low=1, high=MOST_DAYS, default=3650)
    )
    size = await console.ask(
        Choice("size", "Enter size of private key:", SIZES, default=2048, layout=Layout.BELOW)
    )
    begin = session.appliance.clock.now().replace(microsecond=0)
    key = await asyncio.to_thread(rsa_key, size)
    identity = self_signed(subject, key, Term(begin, days))
    add(session, name, identity)
    await show_request(console, identity)


async def show_request(console: Console, identity: Identity) -> None:
    """Print the signing request, if it is wanted."""
    if await console.ask(YesNo("view", "Do you want to view the CSR?", default=True)):
        console.say(signing_request(identity))


async def ask_subject(console: Console) -> Subject:
    """Whom a new certificate is for."""

    async def part(key: str, prompt: str) -> str:
        return await console.ask(Line(key, f"Enter {prompt}:", check=check_part))

    return Subject(
        common_name=await part("common_name", "Common Name"),
        organization=await part("organization", "Organization"),
        unit=await part("unit", "Organizational Unit"),
        locality=await part("locality", "Locality or City"),
        state=await part("state", "State or Province"),
        country=await console.ask(
            Line("country", "Enter Country (2 letter code):", check=check_country)
        ),
    )


async def ask_name(session: Session) -> str:
    """The name of a new profile; one that is taken is refused."""
    taken = session.staged.config.certificates.profiles

    def check(text: str) -> str:
        name = NAME.parse(text)
        if len(name) > LONGEST_NAME:
            raise Invalid(f"The value may not be longer than {LONGEST_NAME} characters.")
        if name in taken or is_demo(name):
            raise Invalid(f'"{name}" already exists.')
        return name

    return await session.console.ask(Line("name", NAME_QUESTION, check=check))


def check_part(text: str) -> str:
    """One part of a distinguished name (RFC 5280 Appendix A); raises Invalid."""
    if len(text) > LONGEST_PART or not text.isprintable():
        raise Invalid(f"The value may not be longer than {LONGEST_PART} characters.")
    return text


def check_country(text: str) -> str:
    """An ISO 3166 code; raises Invalid."""
    if len(text) != 2 or not (text.isascii() and text.isalpha()):
        raise Invalid("The value must be a country code of two letters.")
    return text.upper()


def add(session: Session, name: str, identity: Identity) -> None:
    """Stage a profile, or what it is from now on."""
    config = session.staged.config
    profile = CertificateProfile(
        name,
        identity.certificate.pem,
        key_pem(identity.key),
        tuple(above.pem for above in identity.intermediates),
    )
    certificates = config.certificates.with_profile(profile)
    session.staged.stage(replace(config, certificates=certificates))
