"""What a handshake shows, tried on two ends joined in memory."""

import ssl
from pathlib import Path

import pytest

from seg_cli.net.starttls import client_context, established, handshake_failure, peer_chain
from seg_cli.terms import Reason
from tests.smtp.certificates import chain_in, server_context

NAME = "mx.example.com"


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext) -> ssl.SSLObject:
    """The client's end; raises what the client's handshake raises."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=NAME)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        try:
            near.do_handshake()
        except ssl.SSLWantReadError:
            pass
        else:
            return near
        try:
            far.do_handshake()
        except ssl.SSLError:
            continue
    raise AssertionError("no end of handshake")


@pytest.mark.requirement("TLS-08")
def test_the_context_asks_for_tls_1_2_and_judges_nothing() -> None:
    context = client_context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_NONE
    assert not context.check_hostname


def test_the_whole_chain_is_told_leaf_first(tmp_path: Path) -> None:
    facts = established(shake_hands(client_context(), server_context(tmp_path)))
    assert facts.refusal is None
    assert facts.protocol == "TLSv1.3"
    assert facts.cipher.startswith("TLS_")
    assert facts.chain == chain_in(tmp_path)


def test_where_python_tells_no_chain_the_leaf_is_told(tmp_path: Path) -> None:
    class OldPython:
        """An SSLObject without either way to the chain."""

        def getpeercert(self, binary_form: bool) -> bytes | None:
            assert binary_form
            return b"leaf"

    assert peer_chain(OldPython()) == (b"leaf",)  # type: ignore[arg-type]  # a stand-in


@pytest.mark.requirement("TLS-08")
def test_a_host_that_has_only_tls_1_2_is_too_old_for_tls_1_3(tmp_path: Path) -> None:
    client, server = client_context(), server_context(tmp_path)
    client.minimum_version = ssl.TLSVersion.TLSv1_3
    server.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError) as caught:
        shake_hands(client, server)
    assert handshake_failure(caught.value)[0] is Reason.PROTOCOL_TOO_OLD


@pytest.mark.requirement("TLS-08")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_a_host_that_has_only_tls_1_1_is_too_old(tmp_path: Path) -> None:
    server = server_context(tmp_path)
    server.set_ciphers("ALL:@SECLEVEL=0")
    server.minimum_version = server.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError) as caught:
        shake_hands(client_context(), server)
    assert handshake_failure(caught.value)[0] is Reason.PROTOCOL_TOO_OLD


def test_a_host_that_answers_in_clear_text() -> None:
    to_client = ssl.MemoryBIO()
    near = client_context().wrap_bio(to_client, ssl.MemoryBIO(), server_hostname=NAME)
    to_client.write(b"500 what?\r\n")
    with pytest.raises(ssl.SSLError) as caught:
        near.do_handshake()
    reason, detail = handshake_failure(caught.value)
    assert (reason, detail) == (Reason.HANDSHAKE_FAILED, "wrong version number")


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        pytest.param(ssl.SSLEOFError(8, "EOF"), Reason.DISCONNECTED, "EOF", id="cut within TLS"),
        pytest.param(EOFError(), Reason.DISCONNECTED, "EOF", id="cut"),
        pytest.param(TimeoutError(), Reason.TIMED_OUT, "timeout", id="silent"),
        pytest.param(ssl.SSLError(1), Reason.HANDSHAKE_FAILED, "handshake failure", id="wordless"),
    ],
)
def test_failures_in_words(error: OSError | EOFError, reason: Reason, detail: str) -> None:
    assert handshake_failure(error) == (reason, detail)
