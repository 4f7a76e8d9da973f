"""Who speaks: which channels are parties' own, which voice is whose, and in which role."""
