"""What becomes of a message where DANE has a say, in the words of the tech note: the expected side.

Read from the top, the first row that fits decides; `*` fits anything, ` / ` parts alternatives.
The words are those of `Situation` in test_whole_dane_table.py, and nothing here comes from the
program.
"""

from dataclasses import dataclass

CLEAR, UNDER_TLS, KEPT = "delivered in clear text", "delivered under TLS", "not delivered"
SKIPPED, TRIED = "MTA-STS is skipped", "MTA-STS has its turn"

USED = "Opportunistic / Mandatory"
RECORDS = "records match / records do not match / records match, insecure MX"
CERTIFICATES = "certificate for domain and MX / certificate for others"
NO_TLS = "no STARTTLS / handshake cut"
ANY_REQUIRED = "Required / Required - Verify / Required - Verify Hosted Domains"
ANY_VERIFIED = "Required - Verify / Required - Verify Hosted Domains"


@dataclass(frozen=True, slots=True)
class Row:
    """Six conditions, in the order of `Situation`, and what they come to."""

    dane: str
    tlsa: str
    server: str
    mta_sts: str
    setting: str
    route: str
    result: str

    def fits(self, *situation: str) -> bool:
        conditions = (self.dane, self.tlsa, self.server, self.mta_sts, self.setting, self.route)
        return all(
            condition == "*" or word in condition.split(" / ")
            for condition, word in zip(conditions, situation, strict=True)
        )


ENFORCED, UNLISTED = "enforce, MX listed", "enforce, MX not listed"

OUTCOMES = (
    # Option 1, No: neither DANE nor MTA-STS.
    Row("*", "*", "*", "*", "No", "*", CLEAR),
    # "If DANE Mandatory fails, mail is not delivered": MX, address and TLSA must be secure.
    Row("Mandatory", "records match", CERTIFICATES, "*", "*", "none", UNDER_TLS),
    Row("Mandatory", "*", "*", "*", "*", "none", KEPT),
    # "If DANE succeeds, MTA-STS is skipped and mail is delivered", whatever the TLS setting.
    Row(
        "Opportunistic",
        "records match / records match, insecure MX",
        CERTIFICATES,
        "*",
        "*",
        "none",
        UNDER_TLS,
    ),
    # A host with records is one that supports DANE: without a match it gets nothing.
    Row("Opportunistic", RECORDS, "*", "*", "*", "none", KEPT),
    Row("Opportunistic", "look-up error", "*", "*", "*", "none", KEPT),
    # DANE Opportunistic fails, and MTA-STS is enforced: a secure connection to a host of the
    # policy. Nothing of this where an SMTP route is configured for the domain.
    Row("*", "*", "*", UNLISTED, "*", "none", KEPT),
    Row("*", "*", "certificate for domain and MX", ENFORCED, "*", "none", UNDER_TLS),
    Row("*", "*", "*", ENFORCED, "*", "none", KEPT),
    # DANE Opportunistic fails, and MTA-STS is skipped: the configured TLS setting, but never
    # clear text to a host that has published records, though none of them is usable.
    Row("Opportunistic", "none usable", NO_TLS, "*", "*", "none", KEPT),
    Row("*", "*", NO_TLS, "*", ANY_REQUIRED, "*", KEPT),
    Row("*", "*", "handshake cut", "*", "Preferred", "*", KEPT),
    Row("*", "*", NO_TLS, "*", "*", "*", CLEAR),
    Row("*", "*", "certificate for others", "*", ANY_VERIFIED, "*", KEPT),
    Row("*", "*", "*", "*", "*", "*", UNDER_TLS),
)

TURNS = (
    # MTA-STS is for options 2 to 6, is switched on, and is not for domains with SMTP routes.
    Row("*", "*", "*", "*", "No", "*", SKIPPED),
    Row("*", "*", "*", "off", "*", "*", SKIPPED),
    Row("*", "*", "*", "*", "*", "configured", SKIPPED),
    # "DANE takes precedence over MTA-STS."
    Row("Mandatory", "*", "*", "*", "*", "*", SKIPPED),
    Row("Opportunistic", f"{RECORDS} / look-up error", "*", "*", "*", "*", SKIPPED),
    Row("*", "*", "*", "*", "*", "*", TRIED),
)
