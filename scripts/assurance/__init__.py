"""How often the harness itself is wrong: seeded simulations through the code that measures and judges. Run by scripts/assure.py."""
