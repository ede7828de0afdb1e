"""What this appliance says it is; every text that names model or release takes it from here."""

MODEL = "C100V"
RELEASE = "16.0.3"
BUILD = "025"
VERSION = f"{RELEASE}-{BUILD}"
PRODUCT = f"Cisco {MODEL} Secure Email Gateway Virtual Appliance"
FORMER_PRODUCT = f"Cisco {MODEL} Email Security Virtual Appliance"
"""The name that the greeting and configuration files still have."""
