"""The data: asv's result files in, our own records in and out."""
