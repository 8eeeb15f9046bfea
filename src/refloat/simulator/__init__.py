"""A small false Amazon: a seeded world with its own clock, spoken to over HTTP as SP-API is.

It imports nothing of Refloat's other rooms, and they import nothing of it: a mistake that both shared
would be invisible. ``world`` is the state, ``rules`` is what happens in it, ``wire`` is how it speaks,
``documents`` are the report files. It never sees a real credential.
"""
