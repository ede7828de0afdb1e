"""postfix-mta-sts-resolver: `python sts_resolver.py DNS_ADDRESS:PORT`.

It asks the system's resolver, on port 53; its DNS client is put in place of that, a new one for
each domain, since it keeps answers. The rest of it is as it comes: policies are fetched through the
proxy that the environment names.
"""

import asyncio
import json
import sys

import aiodns
from postfix_mta_sts_resolver.resolver import STSFetchResult, STSResolver

PATIENCE = 1


async def main() -> None:
    loop = asyncio.get_running_loop()
    for line in sys.stdin:
        resolver = STSResolver(loop=loop, timeout=PATIENCE)
        resolver._resolver = aiodns.DNSResolver(  # it offers no other way
            nameservers=[sys.argv[1]], loop=loop, timeout=0.5, tries=1
        )
        result, found = await resolver.resolve(line.strip())
        answer = {"result": result.name.lower()}
        if result is STSFetchResult.VALID:
            policy = found[1]
            answer |= {"mode": policy["mode"], "mx": policy["mx"], "max_age": policy["max_age"]}
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
