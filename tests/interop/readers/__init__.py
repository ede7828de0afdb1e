"""Programs of PyPI as children: each reads domains, a line each, and says in a line of JSON what
policy it finds. They run in an environment of their own and import nothing of ours."""
