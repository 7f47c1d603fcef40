"""Files as the harness reads and writes them: strict YAML with places, atomic writes, safe names."""
