"""Making it happen: the queue and its deliveries; the only room that decides and acts.

It decides by asking policy/, acts through net/ and smtp/, and tells what happened as events.
"""
