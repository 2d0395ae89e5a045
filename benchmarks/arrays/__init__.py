"""Array operations by number of elements, where the answer goes, and threads."""
