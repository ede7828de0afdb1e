"""SMTP, both ends: replies, the wire, the client that delivers, the server that receives."""
