"""A suite in pandas' manner: frames made once and cached, files written and removed, a shared seed."""
