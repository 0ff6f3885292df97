"""Stream batch to tables: facts stored, whole persons refolded, the checkpoint moved, all in one transaction."""
