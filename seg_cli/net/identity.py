"""A certificate with its key, loaded into a TLS context: what a server shows, and a client on
request.
"""

import ssl
import tempfile


def load_identity(context: ssl.SSLContext, pem: str) -> bool:
    """Show this key and chain (PEM, the leaf before those above it) from now on.

    False if OpenSSL will not have them, because they cannot be read, do not belong together or
    are too weak; the context shows what it showed before, then.
    """
    # OpenSSL reads chains from files only; this one can be read by nobody else, and goes at once.
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem.encode())
        file.flush()
        try:
            context.load_cert_chain(file.name, password="")  # never ask at the terminal
        except (ssl.SSLError, ValueError):
            return False
    return True


def server_context(pem: str) -> ssl.SSLContext | None:
    """A server's context for TLS 1.2 or later; None if OpenSSL will not have its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context if load_identity(context, pem) else None
