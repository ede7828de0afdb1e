"""The mail hosts, sent to by smtplib."""

import smtplib
import ssl

import pytest

from seg_cli.lab.internet import Lab
from tests.lab.conftest import DEADLINE, OpenLab, trusting

NAME = "mx1.mail123.domain.com"
ADDRESS = "10.1.1.3"
MESSAGE = "Subject: hello\r\n\r\n.\r\nline\r\n"


def dialled(lab: Lab, address: str = ADDRESS, name: str = NAME) -> smtplib.SMTP:
    """A client connected by the address, with the host's name for SNI and the name check."""
    client = smtplib.SMTP(timeout=DEADLINE)
    client.connect(*lab.where(address, 25))
    client._host = name  # type: ignore[attr-defined]  # smtplib takes SNI from here
    client.ehlo("mail3.example.com")
    return client


def test_a_message_in_tls(lab: Lab) -> None:
    with dialled(lab) as client:
        client.starttls(context=trusting(lab))
        client.sendmail("me@example.com", ["a@domain.com", "b@domain.com"], MESSAGE)
    (received,) = lab.journal.received
    assert (received.host, received.sni) == (NAME, NAME)
    assert (received.protocol, received.cipher) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    assert received.sender == "me@example.com"
    assert received.recipients == ("a@domain.com", "b@domain.com")
    assert received.message.decode() == MESSAGE


def test_a_message_in_clear_text(lab: Lab) -> None:
    with dialled(lab) as client:
        client.sendmail("me@example.com", ["a@domain.com"], MESSAGE)
    (received,) = lab.journal.received
    assert (received.sni, received.protocol, received.cipher) == ("", "", "")


def test_the_host_answers_as_postfix_does(lab: Lab) -> None:
    with dialled(lab) as client:
        client.mail("me@example.com")
        client.rcpt("a@domain.com")
        assert client.data(MESSAGE) == (250, b"2.0.0 Ok: queued as 4XC0000001")


def test_the_note_s_certificate_names_the_mail_host_and_not_the_domain(lab: Lab) -> None:
    with dialled(lab, name="domain.com") as client, pytest.raises(ssl.SSLCertVerificationError):
        client.starttls(context=trusting(lab))


def test_the_hosted_domain_s_certificate_names_its_provider_only(lab: Lab) -> None:
    address, name = "198.51.100.25", "hosted-example.mail.provider.example"
    with dialled(lab, address, name) as client:
        client.starttls(context=trusting(lab))
    for other in ("hosted.example", "inbound-25.provider.example"):
        client = dialled(lab, address, other)
        with client, pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(context=trusting(lab))


def test_a_host_without_starttls(open_lab: OpenLab) -> None:
    lab = open_lab(hosts={NAME: {"tls": []}})
    with dialled(lab) as client:
        assert not client.has_extn("STARTTLS")


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_host_of_one_version(open_lab: OpenLab, version: str) -> None:
    lab = open_lab(hosts={NAME: {"tls": [version]}})
    with dialled(lab) as client:
        client.starttls(context=trusting(lab))
        assert isinstance(client.sock, ssl.SSLSocket)
        assert client.sock.version() == version


def test_sni_is_told_of_each_connection(lab: Lab) -> None:
    for name in ("one.mail123.domain.com", "two.mail123.domain.com"):
        with dialled(lab, name=name) as client:
            client.starttls(context=trusting(lab))
            client.sendmail("me@example.com", ["a@domain.com"], MESSAGE)
    assert [received.sni[:3] for received in lab.journal.received] == ["one", "two"]
