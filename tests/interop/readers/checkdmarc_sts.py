"""The MTA-STS side of checkdmarc: `python checkdmarc_sts.py DNS_ADDRESS:PORT`.

Policies are fetched through the proxy that the environment names.
"""

import json
import sys

from checkdmarc import mta_sts
from dns.nameserver import Do53Nameserver, Nameserver

PATIENCE = 1.0


def read(domain: str, server: Nameserver) -> dict[str, object]:
    try:
        found = mta_sts.query_mta_sts_record(domain, nameservers=[server], timeout=0.5, retries=0)
        mta_sts.parse_mta_sts_record(found["record"])
        text = mta_sts.download_mta_sts_policy(domain, http_timeout=PATIENCE)["policy"]
        policy = mta_sts.parse_mta_sts_policy(text)["policy"]
    except mta_sts.MTASTSPolicyError:
        return {"result": "fetch_error"}
    except mta_sts.MTASTSError:
        return {"result": "none"}
    parts = {"mode": policy["mode"], "mx": policy["mx"], "max_age": policy["max_age"]}
    return {"result": "valid", **parts}


def main() -> None:
    host, _, port = sys.argv[1].rpartition(":")
    server = Do53Nameserver(host, int(port))
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(read(line.strip(), server))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
