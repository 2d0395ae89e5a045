"""What can be measured: asv's configuration, discovery and environments. The only place that imports asv."""
