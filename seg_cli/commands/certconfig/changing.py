"""certconfig > CERTIFICATE > EDIT, EXPORT, DELETE, PRINT: what becomes of a profile."""

from dataclasses import replace

from seg_cli.commands.certconfig.adding import add, show_request
from seg_cli.commands.certconfig.pasting import ask_certificate_for, ask_intermediates
from seg_cli.commands.configuration_files import export
from seg_cli.config.certificates import DEMO, CertificateProfile
from seg_cli.config.tree import Config
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Secret
from seg_cli.dialogue.questions import Choice, Item, YesNo
from seg_cli.errors import Invalid
from seg_cli.shell.session import Session
from seg_cli.standards.identities import Identity, read_certificates, read_key, write_pkcs12

UPDATE = "Do you want to update the existing public certificate?"
REMOVE_INTERMEDIATES = "Do you want to remove the existing intermediate certificates?"


async def edit_profile(session: Session) -> None:
    """A certificate that a CA made of the request takes the place of the old one; the key stays."""
    console = session.console
    profile = await choose(session, "edit", own_profiles(session))
    if (identity := readable(console, profile)) is None:
        return
    if await console.ask(YesNo("update", UPDATE, default=False, opens=("certificate",))):
        certificate = await ask_certificate_for(console, identity.key)
        identity = replace(identity, certificate=certificate)
    if identity.intermediates:
        remove = await console.ask(YesNo("remove", REMOVE_INTERMEDIATES, default=False))
        identity = replace(identity, intermediates=() if remove else identity.intermediates)
    above = (*identity.intermediates, *await ask_intermediates(console))
    identity = replace(identity, intermediates=above)
    add(session, profile.name, identity)
    await show_request(console, identity)


async def export_profile(session: Session) -> None:
    """Certificate, key and intermediates go into one PKCS #12 file."""
    console = session.console
    profile = await choose(session, "export", (*own_profiles(session), session.appliance.demo))
    if (identity := readable(console, profile)) is None:
        return
    passphrase = await console.ask(Secret("passphrase", "Enter a passphrase for this file:"))
    await export(console, session.appliance, write_pkcs12(profile.name, identity, passphrase))


async def delete_profile(session: Session) -> None:
    """Without confirmation; one that a service uses stays."""
    profile = await choose(session, "delete", own_profiles(session))
    config = session.staged.config
    used = [service for service, name in services(config) if name == profile.name]
    if used:
        session.console.say(f'"{profile.name}" is in use: {", ".join(used)}.')
        return
    certificates = config.certificates.without(profile.name)
    session.staged.stage(replace(config, certificates=certificates))


async def print_services(session: Session) -> None:
    session.console.table(("Service", "Certificate"), services(session.staged.config))


def services(config: Config) -> tuple[tuple[str, str], ...]:
    """What shows a certificate to others, and which one."""
    return (
        ("Inbound SMTP", DEMO),
        ("Outbound SMTP", config.destinations.default.certificate),
    )


async def choose(
    session: Session, purpose: str, profiles: tuple[CertificateProfile, ...]
) -> CertificateProfile:
    """One of the profiles, by its number or its name."""
    items = tuple(Item(profile.name, profile) for profile in profiles)
    question = f"Select the certificate profile you wish to {purpose}:"
    return await session.console.ask(Choice("profile", question, items, default=profiles[0]))


def own_profiles(session: Session) -> tuple[CertificateProfile, ...]:
    """All but the Demo certificate, by name."""
    profiles = session.staged.config.certificates.profiles
    return tuple(profiles[name] for name in sorted(profiles))


def readable(console: Console, profile: CertificateProfile) -> Identity | None:
    """What is in a profile; None after saying why a configuration file's text cannot be used."""
    try:
        certificate, *_ = read_certificates(profile.certificate)
        above = tuple(one for pem in profile.intermediates for one in read_certificates(pem))
        return Identity(certificate, read_key(profile.key), above)
    except Invalid as error:
        console.say(str(error))
        return None
