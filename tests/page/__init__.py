"""The cockpit as its readers meet it. A package, so that what its tests share ends with them, not with the session."""
