"""The log every change goes through: stamps, merging, rights, conflicts, exchange."""
