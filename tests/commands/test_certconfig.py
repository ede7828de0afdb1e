"""certconfig > CERTIFICATE: its dialogues to the letter, and what it refuses."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from seg_cli.errors import Interrupted
from seg_cli.standards.certificates import Certificate
from seg_cli.standards.identities import Identity, read_pkcs12, write_pkcs12
from tests.commands.certificates import MIDDLE, OTHER, PARTNER, ROOT, lines, pasted, pem
from tests.commands.conftest import Desk
from tests.commands.scripts import screen
from tests.standards.certificates import Issued

PASTE = """\
Choose the operation you want to perform:
- CERTIFICATE - Import, Create a request, Edit or Remove Certificate Profiles
- CERTAUTHORITY - Manage System and Customized Authorities
[]> certificate

List of Certificates
Name      Common Name          Issued By            Status         Remaining
--------- -------------------- -------------------- -------------- ---------
Demo      Cisco Appliance Demo Cisco Appliance Demo Active         3650 days

Choose the operation you want to perform:
- IMPORT - Import a certificate from a local PKCS#12 file
- PASTE - Paste a certificate into the CLI
- NEW - Create a self-signed certificate and CSR
- EXPORT - Export a certificate
- PRINT - View certificates assigned to services
[]> paste

Enter a name for this certificate profile:
[]> partner.com

Paste public certificate in PEM format (end with '.'):
{certificate}
CN=partner.com

Paste private key in PEM format (end with '.'):
{key}

Do you want to add an intermediate certificate? [N]> y

Paste intermediate certificate in PEM format (end with '.'):
{intermediate}

Do you want to add another intermediate certificate? [N]> <Enter>

List of Certificates
Name      Common Name          Issued By            Status         Remaining
--------- -------------------- -------------------- -------------- ---------
partner.c partner.com          Example Issuing CA   Active         30 days
Demo      Cisco Appliance Demo Cisco Appliance Demo Active         3650 days

Choose the operation you want to perform:
- IMPORT - Import a certificate from a local PKCS#12 file
- PASTE - Paste a certificate into the CLI
- NEW - Create a self-signed certificate and CSR
- EDIT - Update certificate or view the signing request
- EXPORT - Export a certificate
- DELETE - Remove a certificate
- PRINT - View certificates assigned to services
[]> <Enter>

Choose the operation you want to perform:
- CERTIFICATE - Import, Create a request, Edit or Remove Certificate Profiles
- CERTAUTHORITY - Manage System and Customized Authorities
[]> <Enter>
"""


def identity_of(issued: Issued, *above: Issued) -> Identity:
    leaf, *others = (Certificate.read(one.der) for one in (issued, *above))
    assert isinstance(leaf, Certificate)
    return Identity(leaf, issued.key, tuple(one for one in others if isinstance(one, Certificate)))


def paste(issued: Issued, name: str = "partner.com") -> tuple[str, ...]:
    """The answers that paste a profile, from the menu and back to it."""
    typed = pasted(issued)
    return ("paste", name, *typed.certificate, *typed.key, "")


async def at_certificates(desk: Desk, *answers: str) -> str:
    return await desk.type("certconfig", "certificate", *answers, "", "")


async def test_paste(desk: Desk) -> None:
    typed, middle = pasted(PARTNER), pasted(MIDDLE).certificate
    shown = await desk.type(
        "certconfig",
        *("certificate", "paste", "partner.com", *typed.certificate, *typed.key),
        *("y", *middle, "", "", ""),
    )
    assert shown == screen(PASTE).format(
        certificate="\n".join(typed.certificate),
        key="\n".join(typed.key),
        intermediate="\n".join(middle),
    )
    profile = desk.staged.certificates.profiles["partner.com"]
    assert (profile.certificate, profile.intermediates) == (pem(PARTNER), (pem(MIDDLE),))
    assert not desk.committed.certificates.profiles


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        pytest.param((".",), "You must enter a value.", id="nothing"),
        pytest.param(("hello", "."), "The certificate is not valid PEM.", id="no certificate"),
        pytest.param(
            lines(f"{pem(PARTNER)}\n{pem(MIDDLE)}"), "Paste one certificate;", id="a whole chain"
        ),
    ],
)
async def test_a_certificate_that_cannot_be_taken_is_asked_for_again(
    desk: Desk, bad: tuple[str, ...], sentence: str
) -> None:
    typed = pasted(PARTNER)
    shown = await at_certificates(
        desk, "paste", "partner.com", *bad, *typed.certificate, *typed.key, ""
    )
    assert f"\n{sentence}" in shown
    assert shown.count("Paste public certificate") == 2
    assert list(desk.staged.certificates.profiles) == ["partner.com"]


def encrypted_key(issued: Issued) -> tuple[str, ...]:
    encoded = issued.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    return lines(encoded.decode().strip())


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        pytest.param(
            pasted(OTHER).key, "The certificate and the private key do not match.", id="no fit"
        ),
        pytest.param(("hello", "."), "The private key is not valid PEM.", id="no key"),
        pytest.param(
            encrypted_key(PARTNER), "The private key is encrypted. Remove", id="with a passphrase"
        ),
    ],
)
async def test_a_key_that_does_not_fit_is_asked_for_again(
    desk: Desk, bad: tuple[str, ...], sentence: str
) -> None:
    typed = pasted(PARTNER)
    shown = await at_certificates(
        desk, "paste", "partner.com", *typed.certificate, *bad, *typed.key, ""
    )
    assert f"\n{sentence}" in shown
    assert shown.count("Paste private key") == 2


async def test_names_that_are_taken_or_no_names(desk: Desk) -> None:
    await at_certificates(desk, *paste(PARTNER))
    shown = await desk.type(
        "certconfig", "certificate", "paste", "demo", "partner.com", "a/b", "x" * 65, Interrupted
    )
    assert '"demo" already exists.' in shown
    assert '"partner.com" already exists.' in shown
    assert '"a/b" is not a name.' in shown
    assert "may not be longer than 64 characters" in shown
    assert "-- Changes not recorded" in shown


async def test_import(desk: Desk) -> None:
    data = write_pkcs12("partner", identity_of(PARTNER, MIDDLE), "secret words")
    desk.appliance.store.save_file("partner.p12", data)
    shown = await at_certificates(
        desk,
        *("import", "nope.p12", "partner.p12", "wrong"),
        *("import", "partner.p12", "secret words", "partner"),
    )
    assert '\nFile "nope.p12" does not exist.\n' in shown
    assert "\nThe file is not PKCS#12, or the passphrase is wrong.\n" in shown
    assert "Enter the passphrase for this file:\n[]> \n" in shown
    assert "secret words" not in shown
    profile = desk.staged.certificates.profiles["partner"]
    assert (profile.certificate, profile.intermediates) == (pem(PARTNER), (pem(MIDDLE),))


async def test_export_is_what_import_reads(desk: Desk) -> None:
    await at_certificates(desk, *paste(PARTNER))
    shown = await at_certificates(desk, "export", "partner.com", "secret", "out.p12")
    assert "1. partner.com\n2. Demo\n[1]> partner.com\n" in shown
    assert "\nExport completed.\n" in shown
    identity = read_pkcs12(desk.appliance.store.read_file("out.p12"), "secret")
    assert identity.certificate.pem == pem(PARTNER)


NEW = """\
[]> new

1. Create a self-signed certificate and CSR
2. Create a self-signed SMIME certificate and CSR
[1]> <Enter>

Enter a name for this certificate profile:
[]> example.com

Enter Common Name:
[]> mail.example.com

Enter Organization:
[]> Example

Enter Organizational Unit:
[]> Org

Enter Locality or City:
[]> San Francisco

Enter State or Province:
[]> CA

Enter Country (2 letter code):
[]> USA

The value must be a country code of two letters.

Enter Country (2 letter code):
[]> us

Duration before expiration (in days):
[3650]> 365

1. 1024
2. 2048
Enter size of private key:
[2]> <Enter>

Do you want to view the CSR? [Y]> <Enter>

-----BEGIN CERTIFICATE REQUEST-----
"""


async def test_new(desk: Desk) -> None:
    subject = ("mail.example.com", "Example", "Org", "San Francisco", "CA", "USA", "us")
    shown = await at_certificates(desk, "new", "", "example.com", *subject, "365", "", "")
    assert screen(NEW) in shown
    assert "example.c mail.example.com     mail.example.com     Active         365 days" in shown
    block = shown[shown.index("-----BEGIN CERTIFICATE REQUEST") : shown.index("\n\nList", 2000)]
    request = x509.load_pem_x509_csr(block.encode())
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == (
        "CN=mail.example.com,OU=Org,O=Example,L=San Francisco,ST=CA,C=US"
    )


async def test_smime_is_not_made_here(desk: Desk) -> None:
    assert "no S/MIME certificates" in await at_certificates(desk, "new", "2")


async def test_edit_takes_what_a_ca_made_of_the_request(desk: Desk) -> None:
    await at_certificates(desk, *paste(PARTNER))
    renewed, other = pasted(PARTNER).certificate, pasted(OTHER).certificate
    shown = await at_certificates(
        desk, "edit", "", "y", *other, *renewed, "y", *pasted(MIDDLE).certificate, "", "n"
    )
    assert "Select the certificate profile you wish to edit:\n1. partner.com\n[1]> \n" in shown
    assert "\nThe certificate and the private key do not match.\n" in shown
    profile = desk.staged.certificates.profiles["partner.com"]
    assert profile.intermediates == (pem(MIDDLE),)
    await at_certificates(desk, "edit", "", "", "y", "y", *pasted(ROOT).certificate, "", "n")
    assert desk.staged.certificates.profiles["partner.com"].intermediates == (pem(ROOT),)


async def test_delete_and_print(desk: Desk) -> None:
    await at_certificates(desk, *paste(PARTNER))
    shown = await at_certificates(desk, "print", "delete", "1")
    assert "Inbound SMTP" in shown
    assert not desk.staged.certificates.profiles
