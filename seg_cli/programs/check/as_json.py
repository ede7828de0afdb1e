"""The answer of `check` as JSON, for programs. The shape is documented in docs/check.md.

Names of keys and values are words of the RFCs; reasons are those of `terms.Reason`, with hyphens
(`certificate-host-mismatch`), as RFC 8460 s4.3 writes its result types.
"""

import json
from typing import Any, assert_never

from seg_cli.delivery.forecast import Choice, Forecast, forecasts
from seg_cli.delivery.probe import Shown
from seg_cli.delivery.survey import MailHost, Survey, listed
from seg_cli.lab.because import SOURCES
from seg_cli.policy.dane import NoTlsa, TlsaFacts, TlsaFailed, UnusableTlsa, UsableTlsa
from seg_cli.policy.facts import Failed
from seg_cli.policy.requirement import InForce, NotAsked
from seg_cli.printable import printable
from seg_cli.programs.check.findings import Finding, findings_of, standing_of
from seg_cli.standards.certificates import Certificate
from seg_cli.standards.mta_sts import StsRecord
from seg_cli.terms import Reason


def as_json(survey: Survey) -> str:
    """The whole answer as one object, with a line end behind it."""
    return f"{json.dumps(document(survey), indent=2, ensure_ascii=False)}\n"


def document(survey: Survey) -> dict[str, Any]:
    """The object."""
    route = survey.destination.route
    records = {host.hop.host: host.tlsa for host in listed(survey.validated)}
    return {
        "domain": survey.destination.domain,
        "checked-at": survey.at.isoformat(timespec="seconds"),
        "exit-status": int(standing_of(survey)),
        "smtp-route": None if route is None else route.destination,
        "mta-sts": mta_sts(survey),
        "mx": {
            "dnssec": survey.mx.value,
            "hosts": [
                host_object(survey, host, records.get(host.hop.host, host.tlsa))
                for host in listed(survey.hosts)
            ],
        },
        "decisions": [decision(choice, each) for choice, each in forecasts(survey).items()],
        "findings": [finding(each) for each in findings_of(survey)],
    }


def word(reason: Reason) -> str:
    """A reason as a program compares it."""
    return reason.name.lower().replace("_", "-")


def mta_sts(survey: Survey) -> dict[str, Any]:
    """Record and policy; `error` is null where there is none."""
    record, sts = survey.record, survey.sts
    policy = None
    if isinstance(sts, InForce):
        policy = {
            "mode": sts.policy.mode.value,
            "mx": list(sts.policy.mx),
            "max-age": sts.policy.max_age,
        }
    return {
        "id": record.id if isinstance(record, StsRecord) else None,
        "record-error": None if isinstance(record, StsRecord) else word(record),
        "policy": policy,
        "policy-error": None if isinstance(sts, InForce) else word(sts.reason),
        "fetch-error": printable(survey.cause) or None,
    }


def host_object(survey: Survey, host: MailHost, tlsa: NotAsked | TlsaFacts) -> dict[str, Any]:
    """One mail host."""
    name = host.hop.host
    return {
        "host": printable(name),
        "port": host.hop.port,
        "preference": host.hop.rank[1],
        "tlsa": tlsa_object(tlsa),
        "addresses": [
            {"address": address, **shown_object(survey.of(host, address, name))}
            for address in host.addresses
        ],
    }


def shown_object(shown: Shown | Failed) -> dict[str, Any]:
    """What an address showed; `error` is why there is no TLS, else null."""
    if isinstance(shown, Failed):
        return {"error": word(shown.reason), "detail": printable(shown.detail)}
    facts = shown.facts
    if facts.refusal is not None:
        return {"error": word(facts.refusal), "detail": printable(facts.detail)}
    return {
        "error": None,
        "protocol": facts.protocol,
        "cipher": facts.cipher,
        "certificate": certificate_object(facts.chain),
    }


def certificate_object(chain: tuple[bytes, ...]) -> dict[str, Any] | None:
    """The host's own certificate; null where there is none that can be read."""
    leaf = Certificate.read(chain[0]) if chain else Reason.NO_CERTIFICATE
    if isinstance(leaf, Reason):
        return None
    common_name = leaf.names.common_name
    return {
        "dns-names": [printable(name) for name in leaf.names.dns_names],
        "common-name": None if common_name is None else printable(common_name),
        "not-before": leaf.not_before.isoformat(),
        "not-after": leaf.not_after.isoformat(),
    }


def tlsa_object(tlsa: NotAsked | TlsaFacts) -> dict[str, Any]:
    """What is known of TLSA records: usable, unusable, none, failed, or not asked for."""
    match tlsa:
        case NotAsked():
            return {"status": "not-asked"}
        case UsableTlsa(records, host):
            return {
                "status": "usable",
                "base-domain": host.base_domain,
                "records": [str(record) for record in records],
            }
        case UnusableTlsa():
            return {"status": "unusable"}
        case NoTlsa(reason):
            return {"status": "none", "reason": word(reason)}
        case TlsaFailed():
            return {"status": "failed"}
        case _:
            assert_never(tlsa)


def decision(choice: Choice, answer: Forecast) -> dict[str, Any]:
    """What becomes of mail under one choice."""
    return {
        "tls": word_of(choice.tls.name),
        "dane": word_of(choice.dane.name),
        "mta-sts": word_of(choice.mta_sts.name),
        "delivery": answer.fate.value,
        "host": printable(answer.host) or None,
        "peer": answer.peer or None,
        "reasons": [word(reason) for reason in answer.reasons],
    }


def word_of(name: str) -> str:
    return name.lower().replace("_", "-")


def finding(each: Finding) -> dict[str, Any]:
    """One finding."""
    source = SOURCES[each.reason]
    return {
        "reason": word(each.reason),
        "weight": each.weight.value,
        "host": printable(each.host) or None,
        "what": printable(each.what),
        "cure": printable(each.cure),
        "tech-note": source.note or None,
        "see": source.place,
    }
