"""Where an appliance is killed: the files whose lines are counted, for each part of its work."""

STS_DOMAIN = "sts.example"
REFUSED = "nobody@bare.example"

STAGES = {
    "commit": ("config/store.py", "config/disk.py", "config/codec/xml_writer.py"),
    "injection": ("smtp/listener.py", "smtp/server.py", "delivery/engine.py"),
    "delivery": ("delivery/deliver.py", "delivery/connections.py", "smtp/client.py"),
    "bounce": ("delivery/bounce.py", "delivery/dsn.py", "delivery/journal.py"),
    "cache": ("delivery/policy_cache.py", "delivery/discovery.py"),
    "rollover": ("logs/log_file.py",),
    "window": ("delivery/settlement.py", "delivery/journal.py"),
}
"""The window lies between the peer's final 250 and our record of it."""
