"""Reports: what people read of the tables."""
