"""What the appliance is told: configuration as frozen values; only store.py touches the disk."""
