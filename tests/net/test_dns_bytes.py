"""Whatever bytes a name server sends, they are read, passed over or refused as malformed."""

from typing import Any

import dns.exception
import dns.message
import dns.name
import pytest
from dns.rdatatype import RdataType
from hypothesis import given, settings
from hypothesis import strategies as st

from seg_cli.net import dns_answers
from seg_cli.net.dns_answers import RecordKind, read_answer
from seg_cli.net.dns_exchange import _accept
from seg_cli.policy.facts import Failed
from tests.net.name_server import respond

NAME = dns.name.from_text("example.com")
ANSWERS: dict[str, tuple[RecordKind[Any], str]] = {
    "MX": (dns_answers.MX, "example.com. 60 MX 10 mx.example.com. | 20 mx2.example.com."),
    "TXT": (dns_answers.TXT, 'example.com. 60 TXT "v=STSv1; id=1;" "more"'),
    "A": (dns_answers.A, "example.com. 60 CNAME www.example.com."),
}


@pytest.mark.requirement("DNS-01")
@pytest.mark.parametrize("kind", ANSWERS)
@given(data=st.data())
@settings(max_examples=150)
def test_an_answer_with_wrong_bytes_is_a_value(kind: str, data: st.DataObject) -> None:
    record_kind, line = ANSWERS[kind]
    query = dns.message.make_query(NAME, RdataType[kind], id=1)
    wire = bytearray(respond(query, line).to_wire(want_shuffle=False))
    for at in data.draw(st.lists(st.integers(2, len(wire) - 1), min_size=1, max_size=4)):
        wire[at] = data.draw(st.integers(0, 255))
    try:
        message = _accept(query, bytes(wire))
    except dns.exception.DNSException:
        return  # what `exchange` turns into DNS_MALFORMED
    if message is not None:
        assert isinstance(read_answer(message, record_kind, NAME), tuple | Failed)
