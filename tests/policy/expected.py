"""What becomes of a message, in the words of the tech note and of the menus: the expected side.

Read from the top, the first row that fits decides; `*` fits anything, ` / ` parts alternatives.
The words are those of `Situation` in test_whole_table.py, and nothing here comes from the program.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

NOT_SUPPORTED = "DCID 1 STARTTLS command not supported."
FAILED = "DCID 1 TLS failed: *"
DEFERRING = "DCID 1 TLS deferring: verify error: *"
REQUIRED = "DCID 1 TLS was required but could not be successfully negotiated"
SUCCESS = "DCID 1 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384"
NAMED = f"{SUCCESS} *=*"
POLICY_PASSED = "MTA-STS policy for the domain (domain.com) Successful."
NOT_LISTED = "MX host * is not listed in the MTA-STS policy for the domain (domain.com)"

CLEAR, UNDER_TLS, KEPT = "delivered in clear text", "delivered under TLS", "not delivered"

ENFORCED = "enforce, MX listed / fetch error, policy in the cache"
ANY_REQUIRED = "Required / Required - Verify / Required - Verify Hosted Domains"
BROKEN = "injection / handshake cut / below TLS 1.2 / below TLS 1.2, shaken hands"
REFUSED = "STARTTLS refused / STARTTLS refused, connection closed"


@dataclass(frozen=True, slots=True)
class Row:
    """Four conditions; then the outcome, and the lines of the log about TLS, `*` for any words."""

    setting: str
    server: str
    mta_sts: str
    route: str
    outcome: str
    log: tuple[str, ...]

    def fits(self, *situation: str) -> bool:
        conditions = (self.setting, self.server, self.mta_sts, self.route)
        return all(
            condition == "*" or word in condition.split(" / ")
            for condition, word in zip(conditions, situation, strict=True)
        )

    def says(self, outcome: str, log: tuple[str, ...]) -> bool:
        """Whether it came as the row says: this outcome, these lines and no others."""
        came = outcome == self.outcome and len(log) == len(self.log)
        return came and all(map(fnmatchcase, log, self.log))


ROWS = (
    # 1. No: STARTTLS is never said; MTA-STS is for options 2 to 6.
    Row("No", "*", "*", "*", CLEAR, ()),
    # Enforce: a secure connection to a host of the policy, or the message fails to be delivered.
    # Nothing of this where an SMTP route is configured for the domain.
    Row("*", "*", "enforce, MX not listed", "none", KEPT, (NOT_LISTED,)),
    Row("*", "no STARTTLS", ENFORCED, "none", KEPT, (NOT_SUPPORTED, REQUIRED)),
    Row("*", f"{REFUSED} / {BROKEN}", ENFORCED, "none", KEPT, (FAILED, REQUIRED)),
    # "peer cert does not match domain": the verification of option 5 counts as well.
    Row("Required - Verify", "domain and MX", ENFORCED, "none", UNDER_TLS, (NAMED, POLICY_PASSED)),
    Row("Required - Verify", "*", ENFORCED, "none", KEPT, (DEFERRING, REQUIRED)),
    Row("*", "domain and MX / MX only", ENFORCED, "none", UNDER_TLS, (NAMED, POLICY_PASSED)),
    Row("*", "*", ENFORCED, "none", KEPT, (DEFERRING, REQUIRED)),
    # No policy in force, or one that enforces nothing: the configured TLS setting decides.
    Row(ANY_REQUIRED, "no STARTTLS", "*", "*", KEPT, (NOT_SUPPORTED, REQUIRED)),
    Row(ANY_REQUIRED, f"{REFUSED} / {BROKEN}", "*", "*", KEPT, (FAILED, REQUIRED)),
    # Preferred: clear text where TLS fails before the 220, and not behind it.
    Row("*", "no STARTTLS", "*", "*", CLEAR, (NOT_SUPPORTED,)),
    Row("*", REFUSED, "*", "*", CLEAR, (FAILED,)),
    Row("Preferred - Verify", BROKEN, "*", "*", CLEAR, (FAILED,)),
    Row("*", BROKEN, "*", "*", KEPT, (FAILED,)),
    # Verify: a certificate for the recipient domain. Preferred - Verify delivers without it too.
    Row(
        "Preferred - Verify / Required - Verify",
        "domain only / domain and MX / CN only",
        "*",
        "*",
        UNDER_TLS,
        (NAMED,),
    ),
    Row("Required - Verify", "*", "*", "*", KEPT, (DEFERRING, REQUIRED)),
    # Verify Hosted Domains: also one for a mail host of the domain, or for a host of the route.
    Row(
        "Required - Verify Hosted Domains",
        "domain only / domain and MX / hosted names only / CN only",
        "*",
        "*",
        UNDER_TLS,
        (NAMED,),
    ),
    Row("Required - Verify Hosted Domains", "MX only", "*", "none", UNDER_TLS, (NAMED,)),
    Row("Required - Verify Hosted Domains", "*", "*", "*", KEPT, (DEFERRING, REQUIRED)),
    # Otherwise TLS is TLS, whatever the certificate.
    Row("*", "*", "*", "*", UNDER_TLS, (SUCCESS,)),
)
