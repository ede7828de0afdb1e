"""The appliance's commands, one file (or folder) each, named as the operator types them."""
