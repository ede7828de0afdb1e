"""dnsconfig: the servers that the appliance's own DNS questions go to, and how long they may take.

menu.py is where it starts. Wording: cli-more s3.8; what EDIT and DELETE ask is inferred.
"""
