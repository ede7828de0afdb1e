"""An emulator of the Cisco Secure Email Gateway command line with a real outbound delivery engine.

The house is described in docs/architecture.md. Importing this package loads nothing else.
"""

__version__ = "0.1.0"
