"""The small internet: real DNS, policy, mail and proxy servers on loopback, told by one value."""
