"""DNSSEC (RFC 4033-4035, 5155): whether an answer is what the owner of the zone said.

Pure: `walk.py` says which RRset it needs next and is fed the answer. Below it stand the keys of
a zone and how they come to be trusted (`keys.py`), one signed RRset (`signatures.py`), the proof
that something does not exist (`denial.py`, `nsec.py`, `nsec3.py`), and what is read out of a
message (`answers.py`).
"""
